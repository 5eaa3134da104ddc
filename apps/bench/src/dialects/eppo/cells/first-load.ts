import { type Cell, effortOf, type Participant } from "../../../cells/cell.js";
import { startingCell, timingItself } from "../../../cells/starting.js";
import { ratio } from "../../../cells/target.js";
import { JSON_PARSE } from "../../../floors/parse-floors.js";
import { shopBytes } from "../../writer.js";
import { native } from "../peers.js";
import { eppoWriter } from "../writer.js";

const FLAG_COUNT = 100;
const WAYS = {
  from: `${native.name}, Configuration.from`,
  load: `${native.name}, Configuration.load`,
  source: `${native.name}, from a source`,
} as const;

/** The first load of a process, before our code or the parser has run. */
export const firstLoad: Cell = startingCell({
  id: "W8-first-100",
  title: `first load in a process, ${FLAG_COUNT} flags`,
  participants: [
    ...Object.entries(WAYS).map(([way, name]) => loading(name, "first-load", way)),
    loading(JSON_PARSE, "first-parse"),
  ],
  effort: effortOf([20, 1, 1], [5, 1, 1]),
  targets: Object.values(WAYS).map((participant) => ratio(participant, JSON_PARSE, 2, 1e6)),
});

function loading(name: string, program: string, ...args: readonly string[]): Participant {
  const input = () => shopBytes(eppoWriter, FLAG_COUNT);
  const module = { entry: `dialects/eppo/imports/${program}.js`, args, input };
  return timingItself(name, module, (part) => part === "load");
}
