import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { md5Hex, md5Uint32 } from "../src/hash/md5.js";
import { sha256 } from "../src/hash/sha256.js";
import { decodeUtf8, encodeUtf8 } from "../src/hash/utf8.js";
import { decodeBase64 } from "../src/ufc/base64.js";

/** Letters that take one, two, three and four bytes. */
const LETTERS = ["x", "é", "€", "😀"];
const lengths = Array.from({ length: 201 }, (_, length) => length);

/** Texts of well formed code points on all planes. */
const text = fc.string({ unit: "binary", maxLength: 200 });
/** Texts in which surrogates stand alone, too. */
const anyUnits = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff })))
  .map((units) => String.fromCharCode(...units));

function nodeHash(algorithm: string, data: string | Uint8Array): string {
  return createHash(algorithm).update(data).digest("hex");
}

describe("md5, beside node:crypto", () => {
  it.each(LETTERS)("is the same for every number of %s from 0 to 200", (letter) => {
    const texts = lengths.map((length) => letter.repeat(length));
    expect(texts.map(md5Hex)).toEqual(texts.map((it) => nodeHash("md5", it)));
  });

  it("is the same for texts on all planes", () => {
    fc.assert(
      fc.property(text, (it) => {
        expect(md5Hex(it)).toBe(nodeHash("md5", it));
      }),
      { numRuns: 1_000 },
    );
  });

  it("gives the same first four bytes", () => {
    fc.assert(
      fc.property(text, (it) => {
        expect(md5Uint32(it)).toBe(createHash("md5").update(it).digest().readUInt32BE(0));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("sha256, beside node:crypto", () => {
  it("is the same for every length from 0 to 200", () => {
    const inputs = lengths.map((length) => new Uint8Array(length).fill(length));
    const hashes = inputs.map((it) => Buffer.from(sha256(it)).toString("hex"));
    expect(hashes).toEqual(inputs.map((it) => nodeHash("sha256", it)));
  });

  it("is the same for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        expect(Buffer.from(sha256(bytes)).toString("hex")).toBe(nodeHash("sha256", bytes));
      }),
    );
  });

  it("takes a lone surrogate for U+FFFD, as Node does", () => {
    fc.assert(
      fc.property(anyUnits, (it) => {
        expect(Buffer.from(sha256(encodeUtf8(it))).toString("hex")).toBe(nodeHash("sha256", it));
      }),
    );
  });
});

describe("UTF-8, beside the host", () => {
  it("is encoded as TextEncoder does, lone surrogates too", () => {
    fc.assert(
      fc.property(anyUnits, (it) => {
        expect(encodeUtf8(it)).toEqual(new TextEncoder().encode(it));
      }),
      { numRuns: 1_000 },
    );
  });

  it("is decoded as TextDecoder does, whatever the bytes", () => {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    // Bytes that begin or continue sequences are what malformed ones are made of.
    const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0x80, max: 0xf5 }));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 40 }), (it) => {
        const bytes = Uint8Array.from(it);
        expect(decodeUtf8(bytes)).toBe(decoder.decode(bytes));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("Base64, beside Buffer", () => {
  it.each(["base64", "base64url"] as const)("is decoded from what Buffer encodes as %s", (form) => {
    fc.assert(
      fc.property(text, (it) => {
        expect(decodeBase64(Buffer.from(it).toString(form))).toBe(it);
      }),
    );
  });

  it("is decoded to the same bytes, also where they are no UTF-8", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const buffer = Buffer.from(bytes);
        const expected = new TextDecoder("utf-8", { ignoreBOM: true }).decode(buffer);
        expect(decodeBase64(buffer.toString("base64"))).toBe(expected);
      }),
    );
  });
});
