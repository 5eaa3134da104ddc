import { printable } from "./paint.js";
import { WIDTH, wrap } from "./wrap.js";

/** Lines of paragraphs, each after an empty line. */
export function paragraphLines(paragraphs: readonly (readonly string[])[]): readonly string[] {
  return paragraphs.flatMap((lines) => [
    "",
    ...lines.flatMap((line) => wrap(printable(line), WIDTH, 2)),
  ]);
}
