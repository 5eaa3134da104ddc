import { describe, expect, it } from "vitest";
import { split, subjectsIn } from "../src/index.js";
import { FORMATS } from "./formats.js";
import { KEPT_SUBJECTS } from "./kept-subjects.js";

describe("the subjects of a flag never change:", () => {
  it.each(FORMATS)("$format", ({ create, format, readAs }) => {
    const flags = create();
    flags
      .string("kept")
      .variations("a", "b")
      .otherwise(split({ a: 10, b: 90 }));
    const found = subjectsIn(flags.client(), readAs("kept"), "a", { count: 50 });
    expect(found.map((key) => key.replace("subject-", "")).join(" ")).toBe(KEPT_SUBJECTS[format]);
  });
});
