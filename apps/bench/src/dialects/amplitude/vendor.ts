import type { Participant } from "../../cells/cell.js";
import { askingTask, FLAG, OUR_W1, visitorsOf } from "../../cells/evaluations.js";
import { ratio } from "../../cells/target.js";
import { JSON_PARSE } from "../../floors/parse-floors.js";
import { COUNTRIES } from "../../workload/audience.js";
import { received } from "../../workload/subjects.js";
import type { Row, Vendor } from "../vendor.js";
import { cohortLoads, MEMBERS } from "./cells/cohort.js";
import { MURMUR_AND_LOOK_UP, murmurFloor } from "./cells/murmur-floor.js";
import { clientWithCohort, dropIn, native, sdk, userOf } from "./peers.js";
import { amplitudeWriter, cohortOf, flagOfCohort } from "./writer.js";

const NATIVE_PACKAGE = "@sortition/amplitude/dialect";
const IN_COHORT = "sortition, cohort of 1,000,000";

const ROWS: Readonly<Record<string, Row>> = {
  W1: { faster: [4, 2], within: { [MURMUR_AND_LOOK_UP]: 2.5 }, beside: [murmurFloor(FLAG)] },
  W11: {
    sampleSize: 200,
    share: 0.01,
    faster: [4, 300],
    within: { [OUR_W1]: 1.3, [MURMUR_AND_LOOK_UP]: 2.5 },
    beside: [murmurFloor(FLAG)],
  },
  W2: {
    attributesOf: () => (i) => ({
      market: received(COUNTRIES[i % COUNTRIES.length] ?? ""),
      app: received(`3.${2 + (i % 7)}.${i % 10}`),
    }),
    faster: [8, 2],
  },
  W3: {
    attributesOf: () => () => ({ plan: received("plan-19"), age: received("34") }),
    faster: [8, 2],
  },
  W4: { share: 0.2, faster: [5, 2] },
  W5: {
    values: ["on", false],
    share: 0.002,
    faster: [800],
    beside: [inCohort()],
    targets: [ratio(IN_COHORT, `${native.name}, hit`, 1.5)],
    check: ({ member = [] }) => (member.every((it) => it === "on") ? null : "a member is off"),
  },
  W6: { faster: [8, 2] },
  // The vendor's SDK visits all flags in each evaluation.
  W8: { sampleSize: 100, within: { [JSON_PARSE]: 0.5 } },
  W9: {
    targets: [ratio(NATIVE_PACKAGE, sdk.name, 0.5), ratio(dropIn.name, sdk.name, 0.6)],
  },
};

export const amplitude: Vendor = {
  name: "amplitude",
  writer: amplitudeWriter,
  native,
  dropIn,
  sdk,
  visitorOf: userOf,
  shopper: {},
  rows: ROWS,
  memoryAtMost: { loaded: 0.7, used: 1.4 },
  starts: [NATIVE_PACKAGE, dropIn.name, sdk.name].map((name) => ({ name })),
  timesItself: true,
  own: () => cohortLoads,
};

/** Creates the participant with a flag for the members of a large cohort. */
function inCohort(): Participant {
  const memberOf = (i: number): string => `member-${String(i).padStart(7, "0")}`;
  return {
    name: IN_COHORT,
    async prepare() {
      const members = cohortOf(Array.from({ length: MEMBERS }, (_, i) => memberOf(i)));
      const client = clientWithCohort(amplitudeWriter.bytes([flagOfCohort(FLAG)]), members);
      // Same number of users as in the other rows, so that the CPU caches are used equally.
      const keys = Array.from({ length: 10_000 }, (_, i) => memberOf((i * 7_919) % MEMBERS));
      return await askingTask(native, {
        topic: "member",
        subjects: visitorsOf({ visitorOf: userOf }, keys),
        sampleSize: 200,
        ask: ({ attributes, key }) => client.getStringAssignment(FLAG, key, attributes, ""),
      });
    },
  };
}
