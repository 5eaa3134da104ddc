import type { Cell, Participant } from "../../../cells/cell.js";
import { GARBAGE_EFFORT, garbageOf } from "../../../cells/garbage.js";
import { eppo } from "../peers/eppo.js";
import type { Memory, Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { findFaultOfLogging, loggingName, prepareLogging } from "./logging.js";

/** Garbage of evaluations that were logged before. */
export const w6Garbage: Cell = {
  id: "W6-garbage",
  title: "bytes that one evaluation of W6 allocates",
  unit: "bytes",
  participants: [
    allocating(sortition, "default"),
    allocating(eppo, "default"),
    allocating(sortition, "non-expiring"),
    allocating(eppo, "non-expiring"),
  ],
  effort: GARBAGE_EFFORT,
  collectsGarbage: true,
  targets: (["default", "non-expiring"] as const).map((memory) => ({
    kind: "limit",
    participant: loggingName(sortition, memory),
    atMost: 0,
  })),
  findFault: findFaultOfLogging,
};

function allocating(peer: Peer, memory: Memory): Participant {
  return {
    name: loggingName(peer, memory),
    async prepare() {
      const { answers, run } = await prepareLogging(peer, memory);
      return { answers, run: (operations) => garbageOf(run, operations) };
    },
  };
}
