import type { Cell } from "../../../cells/cell.js";
import { starting, startingEmpty } from "../../../cells/starting.js";
import { facade, vendor } from "../peer.js";

const IMPORTS = "dialects/growthbook/imports";
/** Its entry `/client`, which knows no dialect and does not poll: the payload is at hand. */
const OUR_CLIENT = "@sortition/core";
/** With polling, and with Eppo as its default: printed only. */
const OUR_NODE_CLIENT = "@sortition/node";

/** From the start of a process to a first answer from a payload at hand, and to its end. */
export const w9: Cell = {
  id: "W9",
  title: "cold start: import, init from 100 features, first evaluation",
  unit: "ns",
  participants: [
    starting(OUR_CLIENT, `${IMPORTS}/cold-native.js`),
    starting(vendor.name, `${IMPORTS}/cold-vendor.js`),
    starting(facade.name, `${IMPORTS}/cold-facade.js`),
    starting(OUR_NODE_CLIENT, `${IMPORTS}/cold-node.js`),
    startingEmpty,
  ],
  effort: {
    full: { rounds: 40, operations: 1, warmUpOperations: 1 },
    quick: { rounds: 6, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: false,
  targets: [
    { kind: "ratio", participant: OUR_CLIENT, over: vendor.name, atMost: 1 },
    { kind: "ratio", participant: facade.name, over: vendor.name, atMost: 1.2 },
  ],
  findFault: () => null, // each start is checked when it is made
};
