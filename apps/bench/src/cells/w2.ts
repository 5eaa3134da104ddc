import { eppo } from "../peers/eppo.js";
import { hashFloors } from "../peers/floor.js";
import type { Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { configurationBytes, evenSplits, TOTAL_SHARDS } from "../workload/flags.js";
import { createRandom } from "../workload/random.js";
import { received, shortSubjectKeys } from "../workload/subjects.js";
import { type Cell, EVALUATION_EFFORT, type Participant } from "./cell.js";
import { subjectTask } from "./subject-task.js";

const FLAG_KEY = "search-ranking";
const SALT = "search-ranking-split";
const COUNTRIES = ["DE", "FR", "IT", "PL", "ES"];
const VARIATIONS = ["control", "popular-first", "recent-first"];
const DEFAULT_VALUE = "not targeted";

/** Somebody who asks. */
interface Visitor {
  readonly key: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** One flag with a rule and three variations; one visitor in ten is not targeted. */
export const w2: Cell = {
  id: "W2",
  title: "one of 5 countries and a semver bound, then a 3-way split",
  participants: [
    assigning(sortition),
    assigning(eppo),
    ...hashFloors({ flagKey: FLAG_KEY, salt: SALT, subjects: shortSubjectKeys }),
  ],
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [{ kind: "speed-up", participant: sortition.name, than: eppo.name, atLeast: 8 }],
  findFault: ({ assignments = [] }) => {
    const missing = [...VARIATIONS, DEFAULT_VALUE].find((it) => !assignments.includes(it));
    return missing === undefined ? null : `nobody was assigned "${missing}"`;
  },
};

function assigning(peer: Peer): Participant {
  return {
    name: peer.name,
    async prepare() {
      const client = await peer.createClient(bytes());
      return subjectTask({
        topic: "assignments",
        subjects: visitors(),
        ask: ({ key, attributes }) =>
          client.getStringAssignment(FLAG_KEY, key, attributes, DEFAULT_VALUE),
        digest: (variation) => variation.length,
      });
    },
  };
}

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
  return configurationBytes([
    {
      key: FLAG_KEY,
      enabled: true,
      variationType: "STRING",
      variations: Object.fromEntries(VARIATIONS.map((key) => [key, { key, value: key }])),
      allocations: [
        {
          key: "europe",
          rules: [
            {
              conditions: [
                { attribute: "country", operator: "ONE_OF", value: COUNTRIES },
                { attribute: "appVersion", operator: "GTE", value: "2.4.0" },
              ],
            },
          ],
          splits: evenSplits(SALT, VARIATIONS),
          doLog: true,
        },
      ],
      totalShards: TOTAL_SHARDS,
    },
  ]);
}
