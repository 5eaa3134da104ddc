import { describe, expect, it } from "vitest";
import { encodeUtf8 } from "../hash/utf8.js";
import { runAtOnce } from "../runtime/slices.js";
import { KeyMemory } from "./flag-keys.js";
import { indexFlags } from "./index-flags.js";
import type { FlagsDocument, FlagsPlace } from "./raw-flags.js";

const MAP: FlagsPlace = { member: "flags", shape: "map" };
const ROOT: FlagsPlace = { member: null, shape: "list", keyMember: "key" };

function cut(
  text: string | Uint8Array,
  place = MAP,
  memory = new KeyMemory(),
): FlagsDocument | null {
  const bytes = typeof text === "string" ? encodeUtf8(text) : text;
  return runAtOnce(indexFlags(bytes, place, memory));
}

function flagsOf(text: string | Uint8Array, place = MAP): unknown {
  const document = cut(text, place);
  if (document === null) return null;
  const { flags } = document;
  return flags && [...flags.keys].map((key) => [key, flags.read(key, "$")]);
}

describe("indexFlags", () => {
  it.each([
    {
      text: '[{"key":"\\u0061"},{"key":"7"},{"key":"a","v":1}]',
      place: ROOT,
      flags: [
        ["7", { key: "7" }],
        ["a", { key: "a", v: 1 }],
      ],
      because: "the root is the list",
    },
    {
      text: '[{"key":"a","key":"b","o":{"key":"c"}}]',
      place: ROOT,
      flags: [["b", { key: "b", o: { key: "c" } }]],
      because: "the flag's own last key counts",
    },
    {
      text: '[{"o":{"key":"c"},"keys":1,"\\u006bey":"a", "k\\u0065z":2}]',
      place: ROOT,
      flags: [["a", { o: { key: "c" }, keys: 1, key: "a", kez: 2 }]],
      because: "a name may have escapes",
    },
    {
      text: '[ { "v" : "}]" , "key" : "a" } , {"key":"b"}]',
      place: ROOT,
      flags: [
        ["a", { v: "}]", key: "a" }],
        ["b", { key: "b" }],
      ],
      because: "blanks and strings hold no structure",
    },
    { text: "[]", place: ROOT, flags: [], because: "there are none" },
  ])("indexes the list $text, because $because", ({ text, place, flags }) => {
    expect(flagsOf(text, place)).toEqual(flags);
  });

  it.each([
    { text: "", because: "there is nothing" },
    { text: "<html>", because: "it is not JSON" },
    { text: "{}", because: "there are no flags" },
    { text: '{"flags":[]}', because: "they are a list" },
    { text: '{"flags":{}}x', because: "something follows" },
    { text: '{"flags":{}', because: "the root does not end" },
    { text: '{"flags":{"a":1}', because: "a bracket is missing" },
    { text: '{"flags":{"a":{"b":"}}', because: "a string does not end" },
    { text: '{"flags":{"a":"\\', because: "an escape does not end" },
    { text: '{"flags":{"a":1,}}', because: "a comma is left over" },
    { text: '{"flags":{"a" 1}}', because: "a colon is missing" },
    { text: '{"flags":{"a":}}', because: "a value is missing" },
    { text: '{"flags":{"\\x":1}}', because: "a key has no such escape" },
    { text: '{"flags":{"\u0001":1}}', because: "a key has a control character" },
    { text: '{"x":oops,"flags":{}}', because: "another member is damaged" },
    { text: '{"flags":{"a":oops,"a":1}}', because: "a flag that does not count is damaged" },
    { text: '{"flags":{"a":oops},"flags":{}}', because: "a flag of flags that do not count is" },
    { text: '{"flags":{},"flags":1}', because: "the later flags are none" },
    { text: '{"flags":{},"x":{]}', because: "another member is damaged at the end" },
  ])("does not index $text, because $because", ({ text }) => {
    expect(cut(text)).toBeNull();
  });

  it.each([
    { text: '[{"v":1}]', because: "a flag has no key" },
    { text: '[{"key":"a"', because: "a flag does not end" },
    { text: '[{"key":"a","v":[}]', because: "a value does not end" },
    { text: '[{"key":1}]', because: "its key is not a string" },
    { text: '["a"]', because: "a flag is not an object" },
    { text: '{"key":"a"}', because: "it is not a list" },
  ])("does not index the list $text, because $because", ({ text }) => {
    expect(cut(text, ROOT)).toBeNull();
  });

  it.each([
    "{oops}",
    "{oops",
    "{{}",
    "tru",
    "[1,]",
    '{"a":1 "b":2}',
    '{"b":"\u0001"}',
    "oops",
    "01",
  ])("treats damage like %s as the flag's own", (damage) => {
    const document = cut(
      `{"flags":{"a":1,"b":${damage === "{oops" ? "{oops }" : damage === "{{}" ? "{{}}" : damage},"c":3}}`,
    );
    const { flags } = document!;
    expect([...flags!.keys]).toEqual(["a", "b", "c"]);
    expect([flags!.read("a", "$"), flags!.read("c", "$")]).toEqual([1, 3]);
    expect(() => flags!.read("b", "$.b")).toThrow(/^\$\.b: expected JSON/);
  });

  it("does not quote the content, because it may contain secrets", () => {
    const { flags } = cut('{"flags":{"b":{the key is k123}}}')!;
    expect(() => flags!.read("b", "$")).toThrow(/^(?!.*k123)/);
  });

  it("decodes malformed UTF-8 as in the whole payload", () => {
    const bytes = encodeUtf8('{"flags":{"aX":"yX"}}').map((byte) => (byte === 0x58 ? 0xe2 : byte));
    expect(flagsOf(bytes)).toEqual([["a\ufffd", "y\ufffd"]]);
  });

  it("lets other work run about every 16 KiB", () => {
    const flags = Array.from({ length: 1_000 }, (_, i) => `"f${i}":"${"x".repeat(90)}"`);
    const bytes = encodeUtf8(`{"flags":{${flags.join()}}}`);
    const memory = new KeyMemory();
    for (const payload of ["first", "second"]) {
      expect([payload, [...indexFlags(bytes, MAP, memory)].length]).toEqual([payload, 7]);
    }
  });

  it("lets other work run while it drops many keys of the former payload", () => {
    const flags = Array.from({ length: 1_000 }, (_, i) => `"f${i}":0`).join();
    const memory = new KeyMemory();
    cut(`{"flags":{${flags}}}`, MAP, memory);
    const next = indexFlags(encodeUtf8(`{"flags":{${flags},"one more":0}}`), MAP, memory);
    expect([...next].length).toBeGreaterThanOrEqual(4);
  });
});

describe("indexFlags after another payload", () => {
  const former = '{"flags":{"b":1,"é":2,"7":3,"a":4}}';
  it.each([
    { text: '{"x":1,"flags":{"b":5,"é":6,"7":7,"a":8}}', because: "its keys are the same" },
    { text: '{"flags":{"\\u0062":1,"\\u00e9":2,"7":3,"a":4}}', because: "so they are, escaped" },
  ])("reuses its keys for $text, because $because", ({ text }) => {
    const memory = new KeyMemory();
    const { keys } = cut(former, MAP, memory)!.flags!;
    const next = cut(text, MAP, memory)!.flags!;
    expect(next.keys).toBe(keys);
    expect([...keys].map((key) => next.read(key, "$"))).toEqual(
      Object.values(JSON.parse(text).flags),
    );
  });

  it.each([
    { text: '{"flags":{"b":1,"é":2,"7":3}}', because: "one is gone" },
    { text: '{"flags":{"b":1,"é":2,"7":3,"a":4,"c":5}}', because: "one is new" },
    { text: '{"flags":{"b":1,"c":5,"é":2,"7":3,"a":4}}', because: "one is new in between" },
    { text: '{"flags":{"é":2,"7":3,"b":1,"a":4}}', because: "their order is another" },
    { text: '{"flags":{"b":1,"é":2,"é":5,"7":3,"a":4}}', because: "one is there twice" },
    { text: '{"flags":{}}', because: "there are none" },
  ])("has its own keys for $text, because $because", ({ text }) => {
    const memory = new KeyMemory();
    const { keys } = cut(former, MAP, memory)!.flags!;
    const next = cut(text, MAP, memory)!.flags!;
    const expected = Object.entries(JSON.parse(text).flags);
    expect([...next.keys].map((key) => [key, next.read(key, "$")])).toEqual(expected);
    expect([...keys]).toEqual(["7", "b", "é", "a"]);
    expect(new Set(expected.map(([key]) => next.numberOf(key))).size).toBe(expected.length);
  });

  it("does not confuse an escape with the letters it consists of", () => {
    const memory = new KeyMemory();
    expect([...cut('{"flags":{"\\\\n":1}}', MAP, memory)!.flags!.keys]).toEqual(["\\n"]);
    expect([...cut('{"flags":{"\\n":1}}', MAP, memory)!.flags!.keys]).toEqual(["\n"]);
  });

  it("does not confuse an invalid UTF-8 byte with the code point of that number", () => {
    const memory = new KeyMemory();
    expect([...cut('{"flags":{"é":1}}', MAP, memory)!.flags!.keys]).toEqual(["é"]);
    const bytes = encodeUtf8('{"flags":{"X":1}}').map((byte) => (byte === 0x58 ? 0xe9 : byte));
    expect([...cut(bytes, MAP, memory)!.flags!.keys]).toEqual(["\ufffd"]);
  });
});

describe("isSame", () => {
  const there = cut('{"flags":{"a":{"v":1},"b":2,"long":"LONG"}}'.replace("LONG", "x".repeat(500)))!
    .flags!;
  it.each([
    {
      text: '{"flags":{"b":0,"a":{"v":1}}}',
      same: true,
      because: "its content is, wherever it is",
    },
    { text: '{"flags":{"a":{"v":2}}}', same: false, because: "its content differs" },
    { text: '{"flags":{"a":{"v":11}}}', same: false, because: "its text is longer" },
    { text: '{"flags":{"b":2}}', same: false, because: "it is not there" },
  ])("is $same for a in $text, because $because", ({ text, same }) => {
    expect(cut(text)!.flags!.isSame("a", there)).toBe(same);
  });

  it.each(["x", "y"])("compares long flags to their ends: %s", (last) => {
    const here = cut(`{"flags":{"long":"${"x".repeat(499)}${last}"}}`)!.flags!;
    expect(here.isSame("long", there)).toBe(last === "x");
  });
});
