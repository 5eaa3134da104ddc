import { describe, expect, it } from "vitest";
import { md5Hex, md5Int32, md5Prefix, md5Uint32 } from "./md5.js";

/** RFC 1321, A.5. */
const VECTORS = [
  ["", "d41d8cd98f00b204e9800998ecf8427e"],
  ["a", "0cc175b9c0f1b6a831c399e269772661"],
  ["abc", "900150983cd24fb0d6963f7d28e17f72"],
  ["message digest", "f96b697d7cb7938d525a2f31aaf161d0"],
  ["abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"],
  [
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    "d174ab98d277d9f5a5611c2c9f419d9f",
  ],
  [
    "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
    "57edf4a22be3c955ac49da2e2107b67a",
  ],
] as const;

describe("md5Hex", () => {
  it.each(VECTORS)("hashes %j as RFC 1321 does", (text, hex) => {
    expect(md5Hex(text)).toBe(hex);
  });

  it.each([
    { text: "\ud800", because: "a high half has no low one" },
    { text: "a\udc00", because: "a low half has no high one" },
    { text: "\ud83d\ud83d\ude00", because: "two high halves follow each other" },
    { text: `${"x".repeat(200)}\udfff`, because: "long texts take another path" },
  ])("throws a URIError for $text, because $because", ({ text }) => {
    expect(() => md5Hex(text)).toThrow(URIError);
  });

  it("is not affected by a string that it rejected", () => {
    expect(() => md5Hex("ab\ud800")).toThrow();
    expect(md5Hex("a")).toBe("0cc175b9c0f1b6a831c399e269772661");
  });
});

describe("md5Int32", () => {
  it.each(VECTORS)("has the bits of md5Uint32 for %j", (text) => {
    const hash = md5Int32(text);
    expect(hash).toBe(hash | 0);
    expect(hash >>> 0).toBe(md5Uint32(text));
  });
});

describe("md5Uint32", () => {
  it.each(VECTORS)("gives the first eight hex digits of the hash of %j", (text, hex) => {
    expect(md5Uint32(text)).toBe(Number.parseInt(hex.slice(0, 8), 16));
  });

  it("throws a URIError for a lone surrogate", () => {
    expect(() => md5Uint32("\udc00")).toThrow(URIError);
  });

  it("hashes text after each of many prefixes like the whole string", () => {
    // Prefixes of zero to more than two blocks. Together they fill several pools.
    const texts = Array.from({ length: 150 }, (_, i) => "salt-".repeat(30).slice(0, i));
    const prefixes = texts.map(md5Prefix);
    const hashes = prefixes.map((prefix) => md5Uint32("user-1", prefix));
    expect(hashes).toEqual(texts.map((text) => md5Uint32(`${text}user-1`)));
  });
});
