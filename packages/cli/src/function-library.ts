import { readFile } from "node:fs/promises";

/** Reads the script with the engine and one dialect, which the build creates. It defines `SortitionLibrary`. */
export async function readLibrary(dialect: string): Promise<string> {
  // This path is correct both from `dist` and from `src`, where tests run this file.
  return await readFile(new URL(`../dist/function/${dialect}.js`, import.meta.url), "utf8");
}
