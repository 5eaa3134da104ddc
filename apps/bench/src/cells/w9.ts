import type { Cell } from "./cell.js";
import { EMPTY_MODULE, EPPO_PACKAGE, OUR_PACKAGE, starting, startingEmpty } from "./starting.js";

/** From the start of a process to a first answer from a configuration at hand, and to its end. */
export const w9: Cell = {
  id: "W9",
  title: "cold start: import, init from a configuration at hand, first evaluation",
  unit: "ns",
  participants: [
    starting(OUR_PACKAGE, "cold-sortition.js"),
    starting(EPPO_PACKAGE, "cold-eppo.js"),
    startingEmpty,
  ],
  effort: {
    full: { rounds: 40, operations: 1, warmUpOperations: 1 },
    quick: { rounds: 6, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: false,
  targets: [{ kind: "ratio", participant: OUR_PACKAGE, over: EPPO_PACKAGE, atMost: 1 }],
  findFault: () => null, // each start is checked when it is made
};

/** The import alone. */
export const w9Import: Cell = {
  ...w9,
  id: "W9-import",
  title: "a process that imports one module, from start to end",
  participants: [
    starting(OUR_PACKAGE, "sortition.js"),
    starting(EPPO_PACKAGE, "eppo.js"),
    startingEmpty,
  ],
  targets: [{ kind: "excess", participant: OUR_PACKAGE, over: EMPTY_MODULE, atMost: 10e6 }],
};
