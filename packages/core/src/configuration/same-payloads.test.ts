import { describe, expect, it } from "vitest";
import type { Payload } from "../model/configuration.js";
import { areSamePayloads } from "./same-payloads.js";

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
});
