import { type Cell, EVALUATION_EFFORT } from "../../../cells/cell.js";
import { createRandom } from "../../../workload/random.js";
import { received, shortSubjectKeys } from "../../../workload/subjects.js";
import { eppo } from "../peers/eppo.js";
import { sortition } from "../peers/sortition.js";
import { evenSplits, type FlagBody } from "../workload/flags.js";
import { assigningHalves, OUR_W1 } from "./assigning-halves.js";
import { assigningText, NOT_TARGETED, textFlag, type Visitor } from "./assigning-text.js";
import { hashFloors } from "./md5-floors.js";
import { findFaultOfShards } from "./shards.js";

const FLAG_KEY = "search-ranking";
const SALT = "search-ranking-split";
const COUNTRIES = ["DE", "FR", "IT", "PL", "ES"];
const VARIATIONS = ["control", "popular-first", "recent-first"];
const QUESTIONS = { flag, visitors };

/** One flag with a rule and three variations; it does not target one visitor in ten. */
export const w2: Cell = {
  id: "W2",
  title: "one of 5 countries and a semver bound, then a 3-way split",
  unit: "ns",
  participants: [
    assigningText(sortition, QUESTIONS),
    assigningText(eppo, QUESTIONS),
    assigningHalves(sortition, { name: OUR_W1 }),
    ...hashFloors({ flagKey: FLAG_KEY, salt: SALT, subjects: shortSubjectKeys }),
  ],
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [
    { kind: "speed-up", participant: sortition.name, than: eppo.name, atLeast: 8 },
    { kind: "ratio", participant: sortition.name, over: OUR_W1, atMost: 1.6 },
  ],
  findFault: (answers) => {
    const { assignments = [] } = answers;
    const missing = [...VARIATIONS, NOT_TARGETED].find((it) => !assignments.includes(it));
    if (missing !== undefined) return `no subject was assigned "${missing}"`;
    return findFaultOfShards(answers, assignments, VARIATIONS);
  },
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

function flag(): FlagBody {
  return textFlag(FLAG_KEY, VARIATIONS, {
    rules: [
      {
        conditions: [
          { attribute: "country", operator: "ONE_OF", value: COUNTRIES },
          { attribute: "appVersion", operator: "GTE", value: "2.4.0" },
        ],
      },
    ],
    splits: evenSplits(SALT, VARIATIONS),
  });
}
