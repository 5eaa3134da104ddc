// Reads the code blocks of a page that are run unchanged. Each follows a comment `<!-- run: ENGINE -->`, or
// `<!-- run: ENGINE, file: NAME -->` if the block is a file.
import { readFileSync } from "node:fs";

const BLOCK = /<!-- run: (\w+)(?:, file: (\S+))? -->\n\n```(\w+)\n([\s\S]*?)^```$/gm;

/**
 * @param {string} page - path of a page.
 * @returns the blocks of each engine, in order; `file` is undefined for shell commands.
 */
export function recipesOf(page) {
  const recipes = new Map();
  for (const [, engine, file, , text] of readFileSync(page, "utf8").matchAll(BLOCK)) {
    recipes.set(engine, [...(recipes.get(engine) ?? []), { file, text }]);
  }
  return recipes;
}
