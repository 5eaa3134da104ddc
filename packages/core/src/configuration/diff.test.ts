import { describe, expect, it } from "vitest";
import type { Configuration } from "../model/configuration.js";
import { runAtOnce } from "../runtime/slices.js";
import { diffFlags } from "./diff.js";

/** A configuration reduced to the members that are compared: the contents of flags by key. */
function configurationOf(texts: Record<string, string>): Configuration {
  const known = {
    texts,
    flagKeys: new Set(Object.keys(texts)),
    isSameFlag: (key: string, there: { texts: typeof texts }) => texts[key] === there.texts[key],
  };
  return known as unknown as Configuration;
}

describe("diffFlags", () => {
  it.each([
    {
      former: null,
      next: { a: "1" },
      diff: { added: ["a"], changed: [], removed: [] },
      because: "there was no configuration before",
    },
    {
      former: { a: "1", b: "1", c: "1" },
      next: { b: "1", c: "2", d: "1" },
      diff: { added: ["d"], changed: ["c"], removed: ["a"] },
      because: "one flag was removed, one changed, one added",
    },
    {
      former: { a: "1" },
      next: { a: "1" },
      diff: { added: [], changed: [], removed: [] },
      because: "nothing differs",
    },
  ])("is $diff, because $because", ({ former, next, diff }) => {
    const before = former === null ? null : configurationOf(former as Record<string, string>);
    const after = configurationOf(next as unknown as Record<string, string>);
    expect(runAtOnce(diffFlags(before, after))).toEqual(diff);
  });

  it("compares 64 former and 64 current flags in four steps", () => {
    const texts = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`${i}`, "1"]));
    const steps = diffFlags(configurationOf(texts), configurationOf(texts));
    expect([...steps]).toHaveLength(4);
  });
});
