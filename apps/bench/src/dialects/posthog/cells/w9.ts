import type { Cell } from "../../../cells/cell.js";
import { starting, startingEmpty, timingItself } from "../../../cells/starting.js";
import { facade, native, vendor } from "../peers.js";

const IMPORTS = "dialects/posthog/imports";

/** Import to a first answer from definitions at hand, without the start of the process. */
export const w9: Cell = {
  id: "W9",
  title: "cold start: import, init from 100 flags at hand, first evaluation",
  unit: "ns",
  participants: [
    timingItself(native.name, { entry: `${IMPORTS}/cold-native.js` }),
    timingItself(vendor.name, { entry: `${IMPORTS}/cold-vendor.js` }),
    timingItself(facade.name, { entry: `${IMPORTS}/cold-facade.js` }),
  ],
  effort: {
    full: { rounds: 40, operations: 1, warmUpOperations: 1 },
    quick: { rounds: 6, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: false,
  targets: [
    { kind: "ratio", participant: native.name, over: vendor.name, atMost: 0.4 },
    { kind: "ratio", participant: facade.name, over: vendor.name, atMost: 0.6 },
  ],
  findFault: () => null, // each start is checked when it is made
};

/** The same from the start of the process to its end. */
export const w9Process: Cell = {
  ...w9,
  id: "W9-process",
  title: "W9 as a whole process, from start to end",
  participants: [
    starting("@sortition/node", `${IMPORTS}/cold-native.js`),
    starting(vendor.name, `${IMPORTS}/cold-vendor.js`),
    starting(facade.name, `${IMPORTS}/cold-facade.js`),
    startingEmpty,
  ],
  targets: [],
};
