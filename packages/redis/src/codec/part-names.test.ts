import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeHashes, decodeName, encodeHashes, encodeName } from "./part-names.js";

const codePoint = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((point) => String.fromCodePoint(point));
// fast-check's own unit "binary" takes a second to create.
const anyName = fc.string({ unit: fc.oneof(codePoint, fc.constantFrom(":", ",", "=", "%")) });

describe("encodeName", () => {
  it.each([
    { name: "flags", encoded: "flags", because: "it has no special characters" },
    { name: "cohort:a,b", encoded: "cohort%3Aa%2Cb", because: "both characters separate names" },
    {
      name: "a=b%",
      encoded: "a%3Db%25",
      because: "one separates hashes, the other starts an escape",
    },
  ])("encodes $name as $encoded, because $because", ({ name, encoded }) => {
    expect(encodeName(name)).toBe(encoded);
  });

  it("can be reversed for every name", () => {
    fc.assert(
      fc.property(anyName, (text) => {
        expect(decodeName(encodeName(text))).toBe(text);
      }),
    );
  });
});

describe("encodeHashes", () => {
  it("can be reversed for all names", () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyName), (names) => {
        const hashes = new Map(names.map((name, i) => [name, `${i}`]));
        expect(decodeHashes(encodeHashes(hashes))).toEqual(hashes);
      }),
    );
  });

  it("returns an empty string for no parts", () => {
    expect([encodeHashes(new Map()), decodeHashes("")]).toEqual(["", new Map()]);
  });
});
