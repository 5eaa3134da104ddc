import { describe, expect, it } from "vitest";
import { fnv1aUint32 } from "./fnv1a.js";

describe("fnv1aUint32", () => {
  // Test vectors of the authors (draft-eastlake-fnv, appendix C).
  it.each([
    { text: "", hash: 0x811c9dc5 },
    { text: "a", hash: 0xe40c292c },
    { text: "b", hash: 0xe70c2de5 },
    { text: "foobar", hash: 0xbf9cf968 },
  ])("hashes $text as published", ({ text, hash }) => {
    expect(fnv1aUint32(text)).toBe(hash);
  });

  it("processes one UTF-16 code unit per step", () => {
    expect(fnv1aUint32("\u20ac")).toBe(Math.imul(0x811c9dc5 ^ 0x20ac, 0x01000193) >>> 0);
  });
});
