import { describe, expect, it, vi } from "vitest";
import { DecodeError } from "../errors/errors.js";
import { encodeUtf8 } from "../hash/utf8.js";
import { runAtOnce } from "../runtime/slices.js";
import type { FlagsDocument, FlagsPlace } from "./raw-flags.js";
import { readFlags } from "./read-flags.js";

const BLANKS = " ".repeat(70_000);

function read(text: string, shape: "map" | "list" = "map"): FlagsDocument {
  const place = { member: "flags", shape, keyMember: "key" } as const;
  return runAtOnce(readFlags(encodeUtf8(text), place));
}

describe.each([
  { size: "small", blanks: "" },
  { size: "large", blanks: BLANKS },
])("readFlags of a $size payload", ({ blanks }) => {
  it("finds flags by key", () => {
    const { flags } = read(`{"flags":{"b":1,"3":2}${blanks}}`);
    expect([...flags!.keys]).toEqual(["3", "b"]);
    expect([flags!.read("b", "$"), flags!.read("c", "$")]).toEqual([1, undefined]);
    expect([flags!.numberOf("b"), flags!.numberOf("3")].sort()).toEqual([0, 1]);
    expect(flags!.numberOf("c")).toBeUndefined();
  });

  it("finds flags that contain their keys", () => {
    const { flags } = read(`{"flags":[{"key":"b"},{"key":"3"}]${blanks}}`, "list");
    expect([...flags!.keys]).toEqual(["3", "b"]);
  });

  it("takes the last flag of a key that exists", () => {
    const place: FlagsPlace = {
      member: "flags",
      shape: "list",
      keyMember: "key",
      exists: ({ gone }) => !gone,
    };
    const text = `{"flags":[
      {"key":"a","v":1},{"key":"a","v":2},{"key":"a","gone":true},
      {"key":"b","gone":true},{"key":"b","v":3},
      {"key":"c","gone":true}
    ]${blanks}}`;
    const flags = runAtOnce(readFlags(encodeUtf8(text), place)).flags!;
    expect(flags.read("a", "$")).toEqual({ key: "a", v: 2 });
    expect(flags.read("b", "$")).toEqual({ key: "b", v: 3 });
    expect([...flags.keys]).toEqual(["a", "b", "c"]);
  });

  it.each(["{}", '{"flags":[]}', '{"flags":null}', "[]", "5"])("finds no flags in %s", (text) => {
    const document = read(text + blanks);
    expect(document).toEqual({ root: JSON.parse(text), flags: null });
  });

  it("throws if the content is not JSON", () => {
    expect(() => read(`<html>${blanks}`)).toThrow(DecodeError);
  });
});

describe("readFlags of the first payload of a process", () => {
  const body = (blanks: number): Uint8Array =>
    encodeUtf8(`{"flags":{"a":{}}${" ".repeat(blanks)}}`);
  const place = { member: "flags", shape: "map" } as const;
  /** A parsed payload returns its own objects. An indexed payload returns new ones. */
  const isParsed = ({ flags }: FlagsDocument): boolean => {
    const flag = flags!.read("a", "$");
    return flag === flags!.read("a", "$");
  };

  it.each([
    { bytes: 100_000, firstIsParsed: true, because: "the parser is faster than a cold scanner" },
    { bytes: 300_000, firstIsParsed: false, because: "the scanner is compiled while it reads" },
  ])("of $bytes bytes is parsed: $firstIsParsed, because $because", async (row) => {
    vi.resetModules();
    const fresh = await import("./read-flags.js");
    const read = (): FlagsDocument => runAtOnce(fresh.readFlags(body(row.bytes), place));
    expect([isParsed(read()), isParsed(read())]).toEqual([row.firstIsParsed, false]);
  });
});

describe("isSame, between a small and a large payload", () => {
  const small = read('{"flags":{"same":{"v":[1,-0]},"zero":0,"order":{"a":1,"b":2},"damaged":1}}')
    .flags!;
  const large = read(
    `{"flags":{"same":{"v": [1, -0]},"zero":-0,"order":{"b":2,"a":1},"damaged":{oops}}${BLANKS}}`,
  ).flags!;
  it.each([
    { key: "same", same: true, because: "only white space differs" },
    { key: "zero", same: false, because: "-0 is another number" },
    { key: "order", same: false, because: "details show the order of members" },
    { key: "damaged", same: false, because: "one of them is not JSON" },
    { key: "none", same: false, because: "it does not exist" },
  ])("is $same for $key, because $because", ({ key, same }) => {
    expect(small.isSame(key, large)).toBe(same);
    expect(large.isSame(key, small)).toBe(same);
  });
});
