/** The names of the generated functions, without their prefix. */
export type FunctionName = "assign" | "replay";

/** Types of arguments. Each warehouse has its own names for them. */
export type ArgumentType = "text" | "object" | "number";

type Argument = readonly [name: string, type: ArgumentType];

const ROW: readonly Argument[] = [
  ["flag", "text"],
  ["subject", "text"],
  ["attributes", "object"],
  ["now_ms", "number"],
];

/** The arguments of each function, in the order that the engine expects. */
export const ARGUMENTS: Readonly<Record<FunctionName, readonly Argument[]>> = {
  assign: ROW,
  replay: [...ROW, ["variation", "text"], ["allocation", "text"], ["experiment", "text"]],
};

/**
 * Returns an SQL literal. The text contains no quotes. Backslashes are doubled, because warehouses interpret escapes
 * differently.
 */
export function sqlText(text: string): string {
  return `'${text.replaceAll("\\", "\\\\")}'`;
}
