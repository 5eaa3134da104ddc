import type { Cell } from "../../../cells/cell.js";
import { EMPTY_MODULE, starting, startingEmpty, timingItself } from "../../../cells/starting.js";
import { EPPO_PACKAGE, FACADE_PACKAGE, OUR_PACKAGE } from "../packages.js";
import { startFirstLookServer } from "./first-look.js";

const IMPORTS = "dialects/eppo/imports";

/** From the start of a process to a first answer from a configuration at hand, and to its end. */
export const w9: Cell = {
  id: "W9",
  title: "cold start: import, init from a configuration at hand, first evaluation",
  unit: "ns",
  participants: [
    starting(OUR_PACKAGE, `${IMPORTS}/cold-sortition.js`),
    starting(FACADE_PACKAGE, `${IMPORTS}/cold-facade.js`, () => startFirstLookServer(20)),
    starting(EPPO_PACKAGE, `${IMPORTS}/cold-eppo.js`),
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
    starting(OUR_PACKAGE, `${IMPORTS}/sortition.js`),
    starting(EPPO_PACKAGE, `${IMPORTS}/eppo.js`),
    startingEmpty,
  ],
  targets: [{ kind: "excess", participant: OUR_PACKAGE, over: EMPTY_MODULE, atMost: 11e6 }],
};

/** The part of {@link w9} after the import, measured inside the process. */
export const w9Init: Cell = {
  ...w9,
  id: "W9-init",
  title: "init from a configuration at hand and first evaluation, once imported",
  participants: [
    timingItself(OUR_PACKAGE, { entry: `${IMPORTS}/cold-sortition.js` }),
    timingItself(EPPO_PACKAGE, { entry: `${IMPORTS}/cold-eppo.js` }),
  ],
  targets: [{ kind: "limit", participant: OUR_PACKAGE, atMost: 3e6 }],
};
