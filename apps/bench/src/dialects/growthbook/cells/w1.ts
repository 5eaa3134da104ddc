import { fnv1aPrefix, fnv1aUint32 } from "@sortition/core/dialect";
import { type Cell, EVALUATION_EFFORT, type Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { HALVES } from "../features.js";
import { facade, sortition, vendor } from "../peer.js";
import { assigningHalves, findFaultOfValues, OUR_W1 } from "./assigning.js";

const FLOOR = "floor: double FNV + look-up";

/** One feature, half off and half on. */
export const w1: Cell = {
  id: "W1",
  title: "one 50/50 experiment, distinct subjects",
  unit: "ns",
  participants: [
    assigningHalves(sortition),
    assigningHalves(vendor),
    assigningHalves(facade),
    doubleFnv(),
  ],
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [
    { kind: "speed-up", participant: sortition.name, than: vendor.name, atLeast: 3 },
    { kind: "speed-up", participant: facade.name, than: vendor.name, atLeast: 2 },
    { kind: "ratio", participant: sortition.name, over: FLOOR, atMost: 2 },
  ],
  findFault: ({ halves = [] }) => findFaultOfValues(halves, ["off", "on"]),
};

/** The same with many other features. */
export const w11: Cell = {
  ...w1,
  id: "W11",
  title: "W1 with 1,000 other features",
  participants: [
    assigningHalves(sortition, sortition.name, 1_000),
    assigningHalves(vendor, vendor.name, 1_000),
    assigningHalves(facade, facade.name, 1_000),
    assigningHalves(sortition, OUR_W1),
  ],
  targets: [
    { kind: "speed-up", participant: sortition.name, than: vendor.name, atLeast: 3 },
    { kind: "speed-up", participant: facade.name, than: vendor.name, atLeast: 2 },
    { kind: "ratio", participant: sortition.name, over: OUR_W1, atMost: 1.3 },
  ],
};

/** Lower bound of every evaluation that buckets a subject by version 2. */
function doubleFnv(): Participant {
  const prefix = fnv1aPrefix("halves-test");
  const features = new Map([[HALVES, ["off", "on"]]]);
  return {
    name: FLOOR,
    prepare: async () =>
      subjectTask({
        topic: "halves",
        subjects: shortSubjectKeys(),
        ask(subject) {
          const n = fnv1aUint32(`${fnv1aUint32(subject, prefix)}`) % 10_000;
          return features.get(HALVES)?.[n < 5_000 ? 0 : 1] ?? "";
        },
        digest: (value) => value.length,
      }),
  };
}
