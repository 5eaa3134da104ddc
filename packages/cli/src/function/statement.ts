/** The functions that are written. Their names follow a prefix. */
export type FunctionName = "assign" | "replay";

/** Types of arguments, which each warehouse calls differently. */
export type ArgumentType = "text" | "object" | "number";

type Argument = readonly [name: string, type: ArgumentType];

const ROW: readonly Argument[] = [
  ["flag", "text"],
  ["subject", "text"],
  ["attributes", "object"],
  ["now_ms", "number"],
];

/** The arguments of each function, as the engine of the library takes them. */
export const ARGUMENTS: Readonly<Record<FunctionName, readonly Argument[]>> = {
  assign: ROW,
  replay: [...ROW, ["variation", "text"], ["allocation", "text"], ["experiment", "text"]],
};

/** A literal of SQL. The text has no quote; its escapes are kept, because not every warehouse reads all of them. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("\\", "\\\\")}'`;
}
