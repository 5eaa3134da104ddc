import { describe, expect, it } from "vitest";
import { orderFiles } from "../config/test/by-times.ts";

/** Files by name, as `project/name seconds`. */
const files = (...list: readonly string[]) =>
  list.map((it) => {
    const [, project = "", name = "", seconds] = /(\w+)\/(\w+) (.*)/.exec(it) ?? [];
    return { project, name: `${project}/${name}`, elapsedSeconds: Number(seconds) };
  });

const order = (...list: readonly string[]) => orderFiles(files(...list)).map(({ name }) => name);

describe("orderFiles", () => {
  it("starts the longest first, whatever their project", () => {
    expect(order("a/x 3", "b/y 20", "a/z 9")).toEqual(["b/y", "a/z", "a/x"]);
  });

  it("puts short files last, in blocks by project", () => {
    expect(order("a/x 7", "b/y 0.9", "a/z 0.1", "b/w 9", "b/v 0.5")).toEqual([
      "b/w",
      "a/x",
      "a/z",
      "b/y",
      "b/v",
    ]);
  });
});
