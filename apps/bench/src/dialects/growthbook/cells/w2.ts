import { type Cell, EVALUATION_EFFORT } from "../../../cells/cell.js";
import { createRandom } from "../../../workload/random.js";
import { received, shortSubjectKeys } from "../../../workload/subjects.js";
import { payloadBytes } from "../features.js";
import { facade, sortition, vendor } from "../peer.js";
import {
  assigning,
  assigningHalves,
  findFaultOfValues,
  OUR_W1,
  type Visitor,
} from "./assigning.js";

const FEATURE = "search-ranking";
const COUNTRIES = ["DE", "FR", "IT", "PL", "ES"];
const VALUES = ["control", "popular-first", "recent-first"];
const QUESTIONS = { feature: FEATURE, bytes, visitors };

/** One experiment with a condition and three variations; it does not target one visitor in ten. */
export const w2: Cell = {
  id: "W2",
  title: "one of 5 countries and a version bound, then a 3-way split",
  unit: "ns",
  participants: [
    assigning(sortition, QUESTIONS),
    assigning(vendor, QUESTIONS),
    assigning(facade, QUESTIONS),
    assigningHalves(sortition, OUR_W1),
  ],
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [
    { kind: "speed-up", participant: sortition.name, than: vendor.name, atLeast: 8 },
    { kind: "speed-up", participant: facade.name, than: vendor.name, atLeast: 2 },
    { kind: "ratio", participant: sortition.name, over: OUR_W1, atMost: 1.8 },
  ],
  findFault: ({ values = [] }) => findFaultOfValues(values, [...VALUES, "none"]),
};

function visitors(): readonly Visitor[] {
  const random = createRandom(2);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const oneInTwenty = (): boolean => random() < 0.05;
  return shortSubjectKeys().map((key) => ({
    key,
    attributes: {
      country: received(oneInTwenty() ? "BR" : pick(COUNTRIES)),
      appVersion: received(oneInTwenty() ? "2.3.9" : `2.${4 + Math.floor(random() * 20)}.1`),
    },
  }));
}

function bytes(): Uint8Array {
  return payloadBytes({
    [FEATURE]: {
      defaultValue: "none",
      rules: [
        {
          key: FEATURE,
          hashVersion: 2,
          condition: { country: { $in: COUNTRIES }, appVersion: { $vgte: "2.4.0" } },
          variations: VALUES,
        },
      ],
    },
  });
}
