import { readFile } from "node:fs/promises";

/** The script with the engine and one dialect, which the build makes. It defines `SortitionLibrary`. */
export async function readLibrary(dialect: string): Promise<string> {
  // The same place from `src`, where tests run this file, and from `dist`.
  return await readFile(new URL(`../dist/function/${dialect}.js`, import.meta.url), "utf8");
}
