import { describe, expect, it } from "vitest";
import { murmur3Uint32 } from "./murmur3.js";

describe("murmur3Uint32", () => {
  // Verification values of the author's own implementation, seed 0.
  it.each([
    { text: "", hash: 0 },
    { text: "test", hash: 0xba6bd213 },
    { text: "Hello, world!", hash: 0xc0363e43 },
    { text: "The quick brown fox jumps over the lazy dog", hash: 0x2e4ff723 },
  ])("hashes $text as published", ({ text, hash }) => {
    expect(murmur3Uint32(text)).toBe(hash);
  });

  it("encodes a lone surrogate as itself, not as U+FFFD", () => {
    expect(murmur3Uint32("\ud800")).not.toBe(murmur3Uint32("\ufffd"));
  });
});
