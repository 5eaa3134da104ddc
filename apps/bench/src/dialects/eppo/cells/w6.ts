import { type Cell, EVALUATION_EFFORT, type Participant } from "../../../cells/cell.js";
import { eppo } from "../peers/eppo.js";
import { facade } from "../peers/facade.js";
import type { Memory, Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { assigningHalves } from "./assigning-halves.js";
import { findFaultOfLogging, loggingName, prepareLogging, returningSubjects } from "./logging.js";

const WITHOUT_LOGGER = "sortition without a logger";
const NON_EXPIRING = loggingName(sortition, "non-expiring");

/** Evaluations that were logged before: with each SDK's default cache, and with one that never expires. */
export const w6: Cell = {
  id: "W6",
  title: "W1 with a logger and deduplication, repeating subjects",
  unit: "ns",
  participants: [
    ...(["default", "non-expiring"] as const).flatMap((memory) =>
      [sortition, facade, eppo].map((peer) => logging(peer, memory)),
    ),
    assigningHalves(sortition, { name: WITHOUT_LOGGER, subjects: returningSubjects }),
  ],
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [
    { kind: "speed-up", participant: sortition.name, than: eppo.name, atLeast: 15 },
    { kind: "ratio", participant: sortition.name, over: WITHOUT_LOGGER, atMost: 2 },
    { kind: "ratio", participant: NON_EXPIRING, over: WITHOUT_LOGGER, atMost: 1.5 },
  ],
  findFault: findFaultOfLogging,
};

function logging(peer: Peer, memory: Memory): Participant {
  return { name: loggingName(peer, memory), prepare: () => prepareLogging(peer, memory) };
}
