import { describe, expect, it } from "vitest";
import { md5Hex, md5Int32, md5Prefix, md5Uint32 } from "./md5.js";

describe("md5Hex", () => {
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

it.each(["", "a", "message digest"])("md5Int32 has the bits of md5Uint32 for %j", (text) => {
  const hash = md5Int32(text);
  expect(hash).toBe(hash | 0);
  expect(hash >>> 0).toBe(md5Uint32(text));
});

describe("md5Uint32", () => {
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
