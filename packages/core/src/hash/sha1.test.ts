import { describe, expect, it } from "vitest";
import { sha1Prefix, sha1Uint60 } from "./sha1.js";

/** FIPS 180-4 examples, and RFC 3174, 7.3. */
const VECTORS = [
  ["", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
  ["abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
  [
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
  ],
  [
    "0123456701234567012345670123456701234567012345670123456701234567".repeat(10),
    "dea356a2cddd90c7a7ecedc5ebb563934f460452",
  ],
] as const;

describe("sha1Uint60", () => {
  it.each(VECTORS)("gives the first 15 hex digits of the hash of %j", (text, hex) => {
    expect(sha1Uint60(text)).toBe(Number.parseInt(hex.slice(0, 15), 16));
  });

  it("treats a lone surrogate as U+FFFD", () => {
    expect(sha1Uint60("a\ud800")).toBe(sha1Uint60("a\ufffd"));
  });

  it("equals the hash of the whole string", () => {
    expect(sha1Uint60("\ude00b", sha1Prefix("a\ud83d"))).toBe(sha1Uint60("a\ud83d\ude00b"));
  });

  it.each(["", "a", "é", "\ud83d", "x".repeat(60)])(
    "equals that with a suffix after %j",
    (text) => {
      for (const suffix of ["variant", "\ude00", ""]) {
        const whole = sha1Uint60(`flag.${text}${suffix}`);
        expect(sha1Uint60(text, sha1Prefix("flag."), suffix)).toBe(whole);
      }
    },
  );
});
