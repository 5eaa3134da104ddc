import { ALL_FLAGS, PAGE_FLAGS } from "../../../cells/all-flags.js";
import type { Cell, Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { facade, native, type Peer, vendor } from "../peers.js";
import { halves, visitors } from "../workload.js";

/** All flags at once. */
export const w4: Cell = {
  id: "W4",
  title: `all of ${PAGE_FLAGS} flags for a user`,
  ...ALL_FLAGS,
  participants: [evaluatingAll(native), evaluatingAll(facade), evaluatingAll(vendor)],
  targets: [
    { kind: "speed-up", participant: native.name, than: vendor.name, atLeast: 5 },
    { kind: "speed-up", participant: facade.name, than: vendor.name, atLeast: 2 },
  ],
};

function evaluatingAll(peer: Peer): Participant {
  return {
    name: peer.name,
    share: peer === vendor ? 0.2 : 1,
    async prepare() {
      const flags = Array.from({ length: PAGE_FLAGS }, (_, i) => halves(`section-${i}`));
      const ask = await peer.createForAll({ flags });
      return subjectTask({
        topic: "countsOn",
        subjects: visitors(shortSubjectKeys(20_000)),
        sampleSize: 100,
        ask,
        digest: (on) => on,
      });
    },
  };
}
