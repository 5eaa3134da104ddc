import type { Cell } from "./cell.js";
import { starting } from "./import.js";

const OURS = "@sortition/node";
const EPPO = "@eppo/node-server-sdk";

/** From the start of a process to a first answer from a configuration at hand, and to its end. */
export const w9: Cell = {
  id: "W9",
  title: "cold start: import, init from a configuration at hand, first evaluation",
  participants: [
    starting(OURS, "cold-sortition.js", OURS),
    starting(EPPO, "cold-eppo.js", EPPO),
    starting("an empty module", "empty.js", null),
  ],
  effort: {
    full: { rounds: 30, operations: 1, warmUpOperations: 1 },
    quick: { rounds: 8, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: false,
  targets: [{ kind: "ratio", participant: OURS, over: EPPO, atMost: 1 }],
  // A process that gives a wrong answer ends with an error, which ends the cell.
  findFault: () => null,
};
