import { readFileSync } from "node:fs";

/**
 * Lines to append to a file. A process that is killed may write a part of them: each
 * line ends with a mark, and the first begins on a line of its own.
 */
export function linesOf(texts: readonly string[]): string {
  return `\n${texts.map((text) => `${text};\n`).join("")}`;
}

/** The complete lines of such a file. */
export function linesOfFile(file: string): string[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line.endsWith(";")).map((line) => line.slice(0, -1));
}
