import { type Cell, effortOf } from "../../../cells/cell.js";
import { startingCell, timingItself } from "../../../cells/starting.js";
import { ratio } from "../../../cells/target.js";
import { JSON_PARSE } from "../../../floors/parse-floors.js";
import { shopBytes } from "../../writer.js";
import { native } from "../peers.js";
import { eppoWriter } from "../writer.js";

const FLAG_COUNT = 100;
const input = () => shopBytes(eppoWriter, FLAG_COUNT);
const WAYS = {
  from: `${native.name}, Configuration.from`,
  load: `${native.name}, Configuration.load`,
  source: `${native.name}, from a source`,
} as const;

/** The first load of a process: neither our code nor the parser has run before. */
export const firstLoad: Cell = startingCell({
  id: "W8-first-100",
  title: `first load in a process, ${FLAG_COUNT} flags`,
  participants: [
    ...Object.entries(WAYS).map(([argument, name]) =>
      timingItself(name, { entry: "dialects/eppo/imports/first-load.js", args: [argument], input }),
    ),
    timingItself(JSON_PARSE, { entry: "dialects/eppo/imports/first-parse.js", input }),
  ],
  effort: effortOf([20, 1, 1], [5, 1, 1]),
  targets: Object.values(WAYS).map((participant) => ratio(participant, JSON_PARSE, 2, 1e6)),
});
