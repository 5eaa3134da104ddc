import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeUtf8 } from "../hash/utf8.js";
import { textOf } from "../runtime/text.js";
import type { FlagsPlace } from "./raw-flags.js";
import { spliceFlag } from "./splice-flag.js";

const MAP: FlagsPlace = { member: "flags", shape: "map" };
const LIST: FlagsPlace = { member: "flags", shape: "list", keyMember: "key" };
const ROOT_MAP: FlagsPlace = { member: null, shape: "map" };
const ROOT_LIST: FlagsPlace = { member: null, shape: "list", keyMember: "key" };

function splice(text: string, place: FlagsPlace, key: string, json?: string): string | null {
  const bytes = spliceFlag(encodeUtf8(text), place, key, json);
  return bytes === null ? null : textOf(bytes);
}

/** Strings of well-formed code points on all planes. fast-check's unit `binary` would first build a table of all of them. */
const texts = fc
  .array(
    fc.integer({ min: 0, max: 0x10ffff }).filter((it) => it < 0xd800 || it > 0xdfff),
    { maxLength: 10 },
  )
  .map((points) => String.fromCodePoint(...points));

describe("spliceFlag", () => {
  it.each<{ text: string; place: FlagsPlace; json?: string; to: string; because: string }>([
    {
      text: '{"flags":{"a":1,"k":2}}',
      place: MAP,
      json: "[3]",
      to: '{"flags":{"a":1,"k":[3]}}',
      because: "it is replaced",
    },
    {
      text: '{"flags":{}}',
      place: MAP,
      json: "3",
      to: '{"flags":{"k":3}}',
      because: "it is the first flag",
    },
    {
      text: '{"x":0,"flags":{"a":1 },"y":{}}',
      place: MAP,
      json: "3",
      to: '{"x":0,"flags":{"a":1 ,"k":3},"y":{}}',
      because: "it is added",
    },
    {
      text: '{"k":1,"\\u006b":2}',
      place: ROOT_MAP,
      json: "3",
      to: '{"k":1,"\\u006b":3}',
      because: "the later of two flags wins",
    },
    {
      text: '[ {"key":"k"} , {"key":"l"} ]',
      place: ROOT_LIST,
      json: '{"key":"k","x":1}',
      to: '[ {"key":"k","x":1} , {"key":"l"} ]',
      because: "it has its key inside",
    },
    {
      text: '{"flags":{"a":1,"k":2,"b":3}}',
      place: MAP,
      to: '{"flags":{"a":1,"b":3}}',
      because: "it is removed",
    },
    {
      text: '{"flags":{"k":2, "b":3}}',
      place: MAP,
      to: '{"flags":{"b":3}}',
      because: "it was the first flag",
    },
    {
      text: '{"flags":{ "k":2 }}',
      place: MAP,
      to: '{"flags":{  }}',
      because: "it was the only flag",
    },
    {
      text: '{"flags":[{"key":"k"},{"key":"k"},{"key":"a"},{"key":"k"}]}',
      place: LIST,
      to: '{"flags":[{"key":"a"}]}',
      because: "all of them are removed",
    },
    {
      text: '{"flags":{"a":1}}',
      place: MAP,
      to: '{"flags":{"a":1}}',
      because: "there is nothing to remove",
    },
    {
      text: '{"flags":{"k":1},"flags":{"a":1}}',
      place: MAP,
      json: "3",
      to: '{"flags":{"k":1},"flags":{"a":1,"k":3}}',
      because: "the later container wins",
    },
    {
      text: '\ufeff{"flags":{}}',
      place: MAP,
      json: "3",
      to: '{"flags":{"k":3}}',
      because: "a byte order mark is skipped",
    },
  ])("returns $to, because $because", ({ json, place, text, to }) => {
    expect(splice(text, place, "k", json)).toBe(to);
  });

  it.each([
    { text: "", place: MAP, because: "it is empty" },
    { text: "[]", place: MAP, because: "the root is a list" },
    { text: "{}", place: MAP, because: "there are no flags" },
    { text: '{"flags":[]}', place: MAP, because: "they have another shape" },
    {
      text: '{"flags":{},"flags":[]}',
      place: MAP,
      because: "the later container has another shape",
    },
    { text: '{"flags":{"a":1,}}', place: MAP, because: "there is an extra comma" },
    { text: '{"flags":{"a":1}', place: MAP, because: "it is truncated" },
    { text: '{"flags":{"a":1}}x', place: MAP, because: "more follows" },
    { text: '{"flags":[{"name":"a"}]}', place: LIST, because: "a flag has no key" },
    { text: '{"flags":[1]}', place: LIST, because: "a flag is not an object" },
  ])("does not recognize a payload in $text, because $because", ({ place, text }) => {
    expect(splice(text, place, "k", "1")).toBeNull();
  });

  it("has the same effect as a change of the parsed object, for any keys", () => {
    const key = fc.oneof(fc.string(), texts, fc.constantFrom("__proto__", "1"));
    const value = fc.jsonValue();
    const changes = fc.array(fc.tuple(key, fc.option(value, { nil: undefined })), { maxLength: 8 });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(key, value), { selector: ([it]) => it }),
        changes,
        (flags, changes) => {
          const expected = new Map(flags);
          const root = `{"x":{"a":"}"},"flags":{${flags.map(([it, is]) => `${JSON.stringify(it)}: ${JSON.stringify(is)}`)}}}`;
          let bytes = encodeUtf8(root);
          for (const [key, value] of [...changes, ...flags.slice(0, 1)]) {
            bytes = spliceFlag(bytes, MAP, key, JSON.stringify(value)) ?? bytes;
            if (value === undefined) expected.delete(key);
            else expected.set(key, value);
          }
          const { flags: found } = JSON.parse(textOf(bytes));
          expect(new Map(Object.entries(found))).toEqual(
            new Map([...expected].map(([it, is]) => [it, JSON.parse(JSON.stringify(is))])),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
