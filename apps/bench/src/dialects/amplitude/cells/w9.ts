import type { Cell } from "../../../cells/cell.js";
import { timingItself } from "../../../cells/starting.js";

const IMPORTS = "dialects/amplitude/imports";
const VENDOR = "@amplitude/experiment-node-server";
const NATIVE = "@sortition/amplitude/dialect";
const FACADE = "@sortition/amplitude";

/** Import to a first answer from flags at hand, without the start of the process. */
export const w9: Cell = {
  id: "W9",
  title: "cold start: import, init from flags at hand, first evaluation",
  unit: "ns",
  participants: [
    timingItself(NATIVE, { entry: `${IMPORTS}/cold-native.js` }),
    timingItself(FACADE, { entry: `${IMPORTS}/cold-facade.js` }),
    timingItself(VENDOR, { entry: `${IMPORTS}/cold-vendor.js` }),
  ],
  effort: {
    full: { rounds: 40, operations: 1, warmUpOperations: 1 },
    quick: { rounds: 6, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: false,
  targets: [
    { kind: "ratio", participant: NATIVE, over: VENDOR, atMost: 0.5 },
    { kind: "ratio", participant: FACADE, over: VENDOR, atMost: 0.6 },
  ],
  findFault: () => null, // each start is checked when it is made
};
