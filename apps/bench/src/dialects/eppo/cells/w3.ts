import { type Cell, EVALUATION_EFFORT } from "../../../cells/cell.js";
import { received, shortSubjectKeys } from "../../../workload/subjects.js";
import { eppo } from "../peers/eppo.js";
import { sortition } from "../peers/sortition.js";
import { evenSplits, type FlagBody } from "../workload/flags.js";
import { assigningText, textFlag, type Visitor } from "./assigning-text.js";
import { hashFloors } from "./md5-floors.js";
import { findFaultOfShards } from "./shards.js";

const FLAG_KEY = "loyalty-tiers";
const SALT = "loyalty-tiers-split";
const RULES = 20;
const VARIATIONS = ["silver", "gold"];
const QUESTIONS = { flag, visitors };

/** One flag with many rules, of which only the last one holds. */
export const w3: Cell = {
  id: "W3",
  title: `${RULES} rules, the last one matches`,
  unit: "ns",
  participants: [
    assigningText(sortition, QUESTIONS),
    assigningText(eppo, QUESTIONS),
    ...hashFloors({ flagKey: FLAG_KEY, salt: SALT, subjects: shortSubjectKeys }),
  ],
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [{ kind: "speed-up", participant: sortition.name, than: eppo.name, atLeast: 8 }],
  findFault: (answers) => {
    const { assignments = [] } = answers;
    return assignments.every((it) => VARIATIONS.includes(String(it)))
      ? findFaultOfShards(answers, assignments, VARIATIONS)
      : "a subject matched no rule or no split";
  },
};

function visitors(): readonly Visitor[] {
  const attributes = { plan: received(`plan-${RULES - 1}`), age: received("34") };
  return shortSubjectKeys().map((key) => ({ key, attributes }));
}

function flag(): FlagBody {
  return textFlag(FLAG_KEY, VARIATIONS, {
    rules: Array.from({ length: RULES }, (_, i) => ({
      conditions: [
        { attribute: "plan", operator: "ONE_OF", value: [`plan-${i}`, `plan-${i}-trial`] },
        { attribute: "age", operator: "GTE", value: 18 },
      ],
    })),
    splits: evenSplits(SALT, VARIATIONS),
  });
}
