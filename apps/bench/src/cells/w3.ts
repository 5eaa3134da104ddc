import { eppo } from "../peers/eppo.js";
import { hashFloors } from "../peers/floor.js";
import type { Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { configurationBytes, evenSplits, TOTAL_SHARDS } from "../workload/flags.js";
import { received, shortSubjectKeys } from "../workload/subjects.js";
import { type Cell, EVALUATION_EFFORT, type Participant } from "./cell.js";
import { subjectTask } from "./subject-task.js";

const FLAG_KEY = "loyalty-tiers";
const SALT = "loyalty-tiers-split";
const RULES = 20;
const VARIATIONS = ["silver", "gold"];
const DEFAULT_VALUE = "not targeted";

/** One flag with many rules, of which only the last one holds. */
export const w3: Cell = {
  id: "W3",
  title: `${RULES} rules, the last one matches`,
  participants: [
    assigning(sortition),
    assigning(eppo),
    ...hashFloors({ flagKey: FLAG_KEY, salt: SALT, subjects: shortSubjectKeys }),
  ],
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [{ kind: "speed-up", participant: sortition.name, than: eppo.name, atLeast: 8 }],
  findFault: ({ assignments = [] }) =>
    assignments.every((it) => VARIATIONS.includes(String(it)))
      ? null
      : "somebody met no rule, or fell into no part",
};

function assigning(peer: Peer): Participant {
  return {
    name: peer.name,
    async prepare() {
      const client = await peer.createClient(bytes());
      const attributes = { plan: received(`plan-${RULES - 1}`), age: received("34") };
      return subjectTask({
        topic: "assignments",
        subjects: shortSubjectKeys(),
        ask: (key) => client.getStringAssignment(FLAG_KEY, key, attributes, DEFAULT_VALUE),
        digest: (variation) => variation.length,
      });
    },
  };
}

function bytes(): Uint8Array {
  return configurationBytes([
    {
      key: FLAG_KEY,
      enabled: true,
      variationType: "STRING",
      variations: Object.fromEntries(VARIATIONS.map((key) => [key, { key, value: key }])),
      allocations: [
        {
          key: "plans",
          rules: Array.from({ length: RULES }, (_, i) => ({
            conditions: [
              { attribute: "plan", operator: "ONE_OF", value: [`plan-${i}`, `plan-${i}-trial`] },
              { attribute: "age", operator: "GTE", value: 18 },
            ],
          })),
          splits: evenSplits(SALT, VARIATIONS),
          doLog: true,
        },
      ],
      totalShards: TOTAL_SHARDS,
    },
  ]);
}
