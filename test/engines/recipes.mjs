// Reads the shell commands of a page that are run unchanged. Each block follows a comment `<!-- run: ENGINE -->`.
import { readFileSync } from "node:fs";

const BLOCK = /<!-- run: (\w+) -->\n\n```sh\n([\s\S]*?)^```$/gm;

/**
 * @param {string} page - path of a page.
 * @returns the blocks of each engine, in order.
 */
export function recipesOf(page) {
  const recipes = new Map();
  for (const [, engine, text] of readFileSync(page, "utf8").matchAll(BLOCK)) {
    recipes.set(engine, [...(recipes.get(engine) ?? []), text]);
  }
  return recipes;
}
