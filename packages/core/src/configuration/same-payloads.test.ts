import { describe, expect, it } from "vitest";
import type { Payload, PayloadItems } from "../model/configuration.js";
import { payloadOfItems } from "../payload/payload-of-items.js";
import { areSamePayloads, comparePayloads } from "./same-payloads.js";

function payload(part: string, text: string): Payload {
  const bytes = new TextEncoder().encode(text);
  return { part, bytes, etag: null, fetchedAtMs: 0, from: "network" };
}

describe("areSamePayloads", () => {
  const flags = payload("flags", "1");
  it.each([
    { others: [flags], is: true, because: "it is the same object" },
    { others: [payload("flags", "1")], is: true, because: "the bytes are equal" },
    { others: [payload("flags", "2")], is: false, because: "a byte differs" },
    { others: [payload("flags", "12")], is: false, because: "it is longer" },
    { others: [payload("flag", "1")], is: false, because: "the name of the part differs" },
    { others: [flags, payload("b", "1")], is: false, because: "a part is missing" },
  ])("is $is, because $because", ({ others, is }) => {
    expect(areSamePayloads([flags], others)).toBe(is);
  });

  it("does not depend on the order of the parts", () => {
    const bandits = payload("bandits", "2");
    expect(areSamePayloads([flags, bandits], [payload("bandits", "2"), flags])).toBe(true);
  });

  const items: PayloadItems = { flags: new Map([["a", "1"]]), segments: new Map([["s", "1"]]) };
  it.each([
    { others: { ...items }, is: true, because: "the maps are the same" },
    { others: { ...items, flags: new Map([["a", "1"]]) }, is: true, because: "the JSON is equal" },
    { others: { ...items, flags: new Map([["a", "2"]]) }, is: false, because: "a flag differs" },
    { others: { ...items, flags: new Map([["b", "1"]]) }, is: false, because: "a key differs" },
    { others: { ...items, segments: new Map() }, is: false, because: "a segment is missing" },
    { others: { flags: items["flags"] }, is: false, because: "a member is missing" },
  ])("is $is for items without their bytes, because $because", ({ others, is }) => {
    const withoutBytes = (of: PayloadItems): Payload => {
      const unreadable: PropertyDescriptor = {
        get: () => expect.unreachable("the bytes were created"),
      };
      return Object.defineProperty(payloadOfItems(of, flags), "bytes", unreadable);
    };
    const given = others as PayloadItems;
    expect(areSamePayloads([withoutBytes(items)], [withoutBytes(given)])).toBe(is);
  });

  it("compares the bytes if only one of them has items", () => {
    const own = payloadOfItems(items, flags);
    const text = '{"flags":{"a":1},"segments":{"s":1}}';
    expect(areSamePayloads([own], [payload("flags", text)])).toBe(true);
    expect(areSamePayloads([payload("flags", "{}")], [own])).toBe(false);
  });

  it.each([
    { of: "131,072 bytes", create: () => payload("flags", "x".repeat(131_072)) },
    {
      of: "2,048 items",
      create: () => {
        const flags = Array.from({ length: 2_048 }, (_, i) => [`${i}`, "1"] as const);
        return payloadOfItems({ flags: new Map(flags) }, payload("flags", ""));
      },
    },
  ])("compares $of in two steps", ({ create }) => {
    expect([...comparePayloads([create()], [create()])]).toHaveLength(2);
  });
});
