import { ALL_FLAGS, PAGE_FLAGS } from "../../../cells/all-flags.js";
import type { Cell, Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { halves, payloadBytes } from "../features.js";
import { facade, type Peer, sortition, vendor } from "../peer.js";

const KEYS: readonly string[] = Array.from({ length: PAGE_FLAGS }, (_, i) => `section-${i}`);
const NO_ATTRIBUTES = {};

/** All features of a page at once. */
export const w4: Cell = {
  id: "W4",
  title: `all of ${PAGE_FLAGS} features for a subject`,
  ...ALL_FLAGS,
  participants: [assigningAll(sortition), assigningAll(vendor), assigningAll(facade)],
  targets: [
    { kind: "speed-up", participant: sortition.name, than: vendor.name, atLeast: 5 },
    { kind: "speed-up", participant: facade.name, than: vendor.name, atLeast: 2 },
  ],
};

function assigningAll(peer: Peer): Participant {
  return {
    name: peer.name,
    async prepare() {
      const features = KEYS.map((key) => [key, { ...halves(), rules: rulesOf(key) }]);
      const ask = await peer.load(payloadBytes(Object.fromEntries(features)));
      return subjectTask({
        topic: "countsOn",
        subjects: shortSubjectKeys(10_000),
        sampleSize: 100,
        ask(subject) {
          let on = 0;
          for (const key of KEYS) if (ask(key, subject, NO_ATTRIBUTES) === "on") on += 1;
          return on;
        },
        digest: (on) => on,
      });
    },
  };
}

function rulesOf(key: string): object[] {
  return [{ id: key, key, hashVersion: 2, variations: ["off", "on"] }];
}
