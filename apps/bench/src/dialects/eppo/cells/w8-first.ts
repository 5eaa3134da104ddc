import type { Cell } from "../../../cells/cell.js";
import { timingItself } from "../../../cells/starting.js";
import { JSON_PARSE } from "../../../floors/parse-floors.js";
import { sortition } from "../peers/sortition.js";
import { shopBytes } from "../workload/shop.js";

const FLAG_COUNT = 100;
const IMPORTS = "dialects/eppo/imports";
const WAYS = {
  from: `${sortition.name}, Configuration.from`,
  load: `${sortition.name}, Configuration.load`,
  source: `${sortition.name}, from a source`,
} as const;

/** The first load of a process: neither our code nor the parser has run before. */
export const w8First: Cell = {
  id: "W8-first-100",
  title: `first load in a process, ${FLAG_COUNT} flags`,
  unit: "ns",
  participants: [
    ...Object.entries(WAYS).map(([argument, name]) =>
      timingItself(name, { entry: `${IMPORTS}/first-load.js`, argument, input }),
    ),
    timingItself(JSON_PARSE, { entry: `${IMPORTS}/first-parse.js`, input }),
  ],
  effort: {
    full: { rounds: 20, operations: 1, warmUpOperations: 1 },
    quick: { rounds: 5, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: false,
  targets: Object.values(WAYS).map((participant) => ({
    kind: "ratio",
    participant,
    over: JSON_PARSE,
    atMost: 2,
    plus: 1e6,
  })),
  findFault: () => null, // each load is checked when it is made
};

function input(): Uint8Array {
  return shopBytes(FLAG_COUNT);
}
