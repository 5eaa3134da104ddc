import { printable, wrap } from "@sortition/core/dialect-internal";
import { WIDTH } from "./width.js";

/** Renders paragraphs in lines, each paragraph after an empty line. */
export function paragraphLines(paragraphs: readonly (readonly string[])[]): readonly string[] {
  return paragraphs.flatMap((lines) => [
    "",
    ...lines.flatMap((line) => wrap(printable(line), WIDTH, 2)),
  ]);
}
