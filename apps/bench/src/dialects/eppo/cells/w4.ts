import { ALL_FLAGS, PAGE_FLAGS } from "../../../cells/all-flags.js";
import type { Cell, Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { eppo } from "../peers/eppo.js";
import type { Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { configurationBytes, evenSplits, type FlagBody, TOTAL_SHARDS } from "../workload/flags.js";
import { NO_ATTRIBUTES } from "./assigning-halves.js";
import { OWN_MD5_OF_EACH, ownMd5OfEach } from "./md5-floors.js";

const KEYS: readonly string[] = Array.from({ length: PAGE_FLAGS }, (_, i) => `page-section-${i}`);

/** All flags of a page at once. */
export const w4: Cell = {
  id: "W4",
  title: `all of ${PAGE_FLAGS} flags for a subject`,
  ...ALL_FLAGS,
  participants: [
    assigning(sortition),
    assigning(eppo),
    ownMd5OfEach(KEYS.map(saltOf), shortSubjectKeys),
  ],
  targets: [
    { kind: "speed-up", participant: sortition.name, than: eppo.name, atLeast: 8 },
    { kind: "ratio", participant: sortition.name, over: OWN_MD5_OF_EACH, atMost: 2 },
  ],
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
