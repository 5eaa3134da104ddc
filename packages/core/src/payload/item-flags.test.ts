import { describe, expect, it } from "vitest";
import { runAtOnce } from "../runtime/slices.js";
import { bytesOf, textOf } from "../runtime/text.js";
import { KeyMemory } from "./flag-keys.js";
import { flagsOfItems } from "./item-flags.js";
import { payloadOfItems } from "./payload-of-items.js";
import type { RawFlags } from "./raw-flags.js";
import { readFlags } from "./read-flags.js";

const FACTS = { part: "flags", etag: null, fetchedAtMs: 0, from: "network" } as const;

function flagsOf(items: Record<string, string>, memory = new KeyMemory()): RawFlags {
  return runAtOnce(flagsOfItems(new Map(Object.entries(items)), memory));
}

function readAs(form: "parsed" | "indexed", text: string): RawFlags {
  const blanks = " ".repeat(form === "indexed" ? 300_000 : 0);
  const { flags } = runAtOnce(readFlags(bytesOf(text + blanks), { member: "flags", shape: "map" }));
  return flags as RawFlags; // the text has flags
}

describe("payloadOfItems", () => {
  const items = {
    flags: new Map([
      ["b", '{"on":true}'],
      ['a "é"', "[-0,1e999]"],
    ]),
    segments: new Map<string, string>(),
  };

  it("has the bytes of its items, in their order, and creates them once", () => {
    const payload = payloadOfItems(items, FACTS);
    const text = '{"flags":{"b":{"on":true},"a \\"é\\"":[-0,1e999]},"segments":{}}';
    expect(textOf(payload.bytes)).toBe(text);
    expect(payload.bytes).toBe(payload.bytes);
  });
});

describe("flagsOfItems", () => {
  it("has the flags in the order of a parsed object", () => {
    const flags = runAtOnce(
      flagsOfItems(
        new Map([
          ["b", "1"],
          ["10", "2"],
          ["9", "3"],
        ]),
        new KeyMemory(),
      ),
    );
    expect([...flags.keys]).toEqual(["9", "10", "b"]);
    expect([...flags.keys].map((key) => flags.read(key, "$"))).toEqual([3, 2, 1]);
    expect(flags.read("c", "$")).toBeUndefined();
  });

  it("shares the keys with the previous payload unless they differ", () => {
    const memory = new KeyMemory();
    const [first, same] = [
      flagsOf({ a: "1", b: "1" }, memory),
      flagsOf({ a: "1", b: "2" }, memory),
    ];
    expect(same.keys).toBe(first.keys);
    const fewer = flagsOf({ b: "2" }, memory);
    expect([[...fewer.keys], fewer.numberOf("b"), fewer.numberOf("a")]).toEqual([
      ["b"],
      0,
      undefined,
    ]);
  });

  it.each([
    { form: "items", there: flagsOf({ same: '{"v":1}', other: "2", gone: "3" }) },
    {
      form: "parsed bytes",
      there: readAs("parsed", '{"flags":{"same":{"v":1},"other":2,"gone":3}}'),
    },
    {
      form: "indexed bytes",
      there: readAs("indexed", '{"flags":{"same":{"v":1},"other":2,"gone":3}}'),
    },
  ])("compares flags with those of $form", ({ there }) => {
    const here = flagsOf({ same: '{"v":1}', other: "1", added: "1" });
    const keys = ["same", "other", "added", "gone"];
    expect(keys.map((key) => here.isSame(key, there))).toEqual([true, false, false, false]);
    expect(keys.map((key) => there.isSame(key, here))).toEqual([true, false, false, false]);
  });
});
