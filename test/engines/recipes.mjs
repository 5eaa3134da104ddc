// Code blocks of a page that are run as they are. Each follows a comment `<!-- run: ENGINE -->`, or
// `<!-- run: ENGINE, file: NAME -->` for a block that is a file.
import { readFileSync } from "node:fs";

const BLOCK = /<!-- run: (\w+)(?:, file: (\S+))? -->\n\n```(\w+)\n([\s\S]*?)^```$/gm;

/**
 * @param {string} page - path of a page.
 * @returns the blocks of each engine, in their order; `file` is undefined for what a shell runs.
 */
export function recipesOf(page) {
  const recipes = new Map();
  for (const [, engine, file, , text] of readFileSync(page, "utf8").matchAll(BLOCK)) {
    recipes.set(engine, [...(recipes.get(engine) ?? []), { file, text }]);
  }
  return recipes;
}
