import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeUtf8, encodeUtf8, hasLoneSurrogate } from "./utf8.js";

/** Strings of well-formed code points on all planes. fast-check's unit `binary` would first build a table of all of them. */
const texts = fc
  .array(
    fc.integer({ min: 0, max: 0x10ffff }).filter((it) => it < 0xd800 || it > 0xdfff),
    { maxLength: 300 },
  )
  .map((points) => String.fromCodePoint(...points));

describe("hasLoneSurrogate", () => {
  it.each([
    { text: "", lone: false, because: "it is empty" },
    { text: "aé€", lone: false, because: "these are not surrogates" },
    { text: "😀", lone: false, because: "the halves belong together" },
    { text: "\ud83d", lone: true, because: "the low half is missing" },
    { text: "\ude00x", lone: true, because: "the high half is missing" },
    { text: "\ude00\ud83d", lone: true, because: "the halves are in the wrong order" },
    { text: "😀\ud83d", lone: true, because: "one pair does not excuse the next half" },
    { text: "\ud7ff\ue000", lone: false, because: "they are just outside the range" },
  ])("returns $lone for $text, because $because", ({ text, lone }) => {
    expect(hasLoneSurrogate(text)).toBe(lone);
  });

  it("agrees with the engine", () => {
    fc.assert(
      fc.property(texts, fc.integer({ max: 8 }), (text, cut) => {
        const half = text.slice(cut);
        // Only well-formed strings can be converted to a URI.
        const isWellFormed = (() => {
          try {
            encodeURIComponent(half);
            return true;
          } catch {
            return false;
          }
        })();
        expect(hasLoneSurrogate(half)).toBe(!isWellFormed);
      }),
    );
  });
});

describe("encodeUtf8", () => {
  it.each([
    { text: "\u007f\u0080", bytes: [0x7f, 0xc2, 0x80], because: "two bytes begin at U+0080" },
    { text: "\u07ff\u0800", bytes: [0xdf, 0xbf, 0xe0, 0xa0, 0x80], because: "three at U+0800" },
    { text: "\uffff", bytes: [0xef, 0xbf, 0xbf], because: "the first plane ends with three" },
    { text: "\u{10ffff}", bytes: [0xf4, 0x8f, 0xbf, 0xbf], because: "the last plane has four" },
    { text: "\ud800a", bytes: [0xef, 0xbf, 0xbd, 0x61], because: "a lone half becomes U+FFFD" },
  ])("encodes $text to $bytes, because $because", ({ text, bytes }) => {
    expect([...encodeUtf8(text)]).toEqual(bytes);
  });
});

describe("decodeUtf8", () => {
  it("keeps a byte order mark", () => {
    expect(decodeUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe("\ufeffa");
  });

  it("decodes more bytes than an engine accepts as arguments", () => {
    const text = "aé😀".repeat(100_000);
    expect(decodeUtf8(encodeUtf8(text))).toBe(text);
  });
});
