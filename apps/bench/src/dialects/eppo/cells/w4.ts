import type { Cell, Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { eppo } from "../peers/eppo.js";
import type { Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { configurationBytes, evenSplits, type FlagBody, TOTAL_SHARDS } from "../workload/flags.js";
import { NO_ATTRIBUTES } from "./assigning-halves.js";
import { OWN_MD5_OF_EACH, ownMd5OfEach } from "./md5-floors.js";

const FLAG_COUNT = 500;
const KEYS: readonly string[] = Array.from({ length: FLAG_COUNT }, (_, i) => `page-section-${i}`);

/** All flags of a page at once. */
export const w4: Cell = {
  id: "W4",
  title: `all of ${FLAG_COUNT} flags for a subject`,
  unit: "ns",
  participants: [
    assigning(sortition),
    assigning(eppo),
    ownMd5OfEach(KEYS.map(saltOf), shortSubjectKeys),
  ],
  effort: {
    full: { rounds: 20, operations: 100, warmUpOperations: 100 },
    quick: { rounds: 5, operations: 50, warmUpOperations: 50 },
  },
  collectsGarbage: false,
  targets: [
    { kind: "speed-up", participant: sortition.name, than: eppo.name, atLeast: 8 },
    { kind: "ratio", participant: sortition.name, over: OWN_MD5_OF_EACH, atMost: 2 },
  ],
  findFault: ({ countsOn = [] }) => {
    const counts = countsOn as readonly number[]; // what the task answers
    const isHalf = counts.every((it) => Math.abs(it / FLAG_COUNT - 0.5) < 0.15);
    if (!isHalf) return "a subject has far from half of the flags on";
    return new Set(counts).size > 1 ? null : "all subjects have the same number of flags on";
  },
};

function assigning(peer: Peer): Participant {
  return {
    name: peer.name,
    share: peer === eppo ? 0.2 : 1,
    async prepare() {
      const client = await peer.createClient(configurationBytes(KEYS.map(flagOf)));
      return subjectTask({
        topic: "countsOn",
        subjects: shortSubjectKeys(20_000),
        sampleSize: 100,
        ask(subject) {
          let on = 0;
          for (const key of KEYS) {
            if (client.getBooleanAssignment(key, subject, NO_ATTRIBUTES, false)) on += 1;
          }
          return on;
        },
        digest: (on) => on,
      });
    },
  };
}

function saltOf(key: string): string {
  return `${key}-split`;
}

function flagOf(key: string): FlagBody {
  return {
    key,
    enabled: true,
    variationType: "BOOLEAN",
    variations: { off: { key: "off", value: false }, on: { key: "on", value: true } },
    allocations: [{ key: "halves", splits: evenSplits(saltOf(key), ["off", "on"]), doLog: true }],
    totalShards: TOTAL_SHARDS,
  };
}
