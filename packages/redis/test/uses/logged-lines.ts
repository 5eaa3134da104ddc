import { readFileSync } from "node:fs";

/**
 * Formats lines to append to a file. A process that is killed may write only a part of them, so
 * each line ends with a mark, and the first one starts on a new line.
 */
export function linesOf(texts: readonly string[]): string {
  return `\n${texts.map((text) => `${text};\n`).join("")}`;
}

/** Returns the complete lines of such a file. */
export function linesOfFile(file: string): string[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line.endsWith(";")).map((line) => line.slice(0, -1));
}
