import type { Cell, Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { facade, native, type Peer, vendor } from "../peers.js";
import { halves, visitors } from "../workload.js";

const FLAG_COUNT = 500;

/** All flags at once. */
export const w4: Cell = {
  id: "W4",
  title: `all of ${FLAG_COUNT} flags for a user`,
  unit: "ns",
  participants: [evaluatingAll(native), evaluatingAll(facade), evaluatingAll(vendor)],
  effort: {
    full: { rounds: 20, operations: 100, warmUpOperations: 100 },
    quick: { rounds: 5, operations: 50, warmUpOperations: 50 },
  },
  collectsGarbage: false,
  targets: [
    { kind: "speed-up", participant: native.name, than: vendor.name, atLeast: 5 },
    { kind: "speed-up", participant: facade.name, than: vendor.name, atLeast: 2 },
  ],
  findFault: ({ countsOn = [] }) => {
    const counts = countsOn as readonly number[]; // what the task answers
    const isHalf = counts.every((it) => Math.abs(it / FLAG_COUNT - 0.5) < 0.15);
    return isHalf ? null : "a user has far from half of the flags on";
  },
};

function evaluatingAll(peer: Peer): Participant {
  return {
    name: peer.name,
    share: peer === vendor ? 0.2 : 1,
    async prepare() {
      const flags = Array.from({ length: FLAG_COUNT }, (_, i) => halves(`section-${i}`));
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
