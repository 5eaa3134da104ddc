import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { PYTHON_SDKS, pythonSections } from "../scripts/python-names.mjs";
import { root } from "./markdown.js";

/** Returns the titles of tests: first arguments that are strings. */
const titlesOf = (text: string): readonly string[] =>
  [...text.matchAll(/\(\s*("(?:[^"\\]|\\.)*"),\s/g)].map(([, title = '""']) => JSON.parse(title));

describe.each(Object.entries(PYTHON_SDKS))("the names of the Python SDK of %s", (_, { file }) => {
  const names = pythonSections(file).flatMap((section) => section.names);

  it("are many", () => {
    expect(names.length).toBeGreaterThan(25);
  });

  it.each(names)("$python: its tests exist", ({ tests }) => {
    expect(tests).not.toEqual({});
    for (const [path, titles] of Object.entries(tests)) {
      const text = readFileSync(join(root, dirname(file), path), "utf8");
      expect(titlesOf(text)).toEqual(expect.arrayContaining([...titles]));
    }
  });
});
