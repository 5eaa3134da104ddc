import { UsageError } from "../errors.js";
import type { CommandOption } from "../help/command-help.js";

/** A CSV separator. */
export type Separator = "," | "\t" | ";";

const SEPARATORS: readonly Separator[] = [",", "\t", ";"];
const BY_NAME: ReadonlyMap<string, Separator> = new Map([
  [",", ","],
  [";", ";"],
  ["\t", "\t"],
  ["\\t", "\t"],
  ["comma", ","],
  ["semicolon", ";"],
  ["tab", "\t"],
]);
const LINE_FEED = 0x0a;
const QUOTE = 0x22;

export const SEPARATOR_OPTION: CommandOption = {
  name: "separator",
  value: "NAME",
  help: ["the CSV separator: comma, tab or semicolon", "(default: detected from the header)"],
};

/** @throws UsageError */
export function separatorNamed(name: string | undefined): Separator | null {
  if (name === undefined) return null;
  const separator = BY_NAME.get(name);
  if (separator !== undefined) return separator;
  throw new UsageError(
    `--separator: expected comma, tab or semicolon, got ${JSON.stringify(name)}`,
  );
}

/** Returns the most frequent separator of the header outside quotes; a comma if it has none. */
export function separatorIn(header: Buffer): Separator {
  const counts = new Map<number, number>();
  let isQuoted = false;
  for (const byte of header) {
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (byte === LINE_FEED) break;
    else counts.set(byte, (counts.get(byte) ?? 0) + 1);
  }
  const countOf = (separator: Separator): number => counts.get(separator.charCodeAt(0)) ?? 0;
  return SEPARATORS.reduce((most, it) => (countOf(it) > countOf(most) ? it : most));
}
