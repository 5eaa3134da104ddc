import { createHash } from "node:crypto";
import { PARTS } from "@sortition/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64 } from "../src/eppo/obfuscation/base64.js";
import { fnv1aPrefix, fnv1aUint32 } from "../src/hash/fnv1a.js";
import { md5Hex, md5Prefix, md5Uint32 } from "../src/hash/md5.js";
import { murmur3Prefix, murmur3Uint32 } from "../src/hash/murmur3.js";
import { sha1Prefix, sha1Uint60 } from "../src/hash/sha1.js";
import { sha256, sha256Modulo, sha256Prefix } from "../src/hash/sha256.js";
import { decodeUtf8, encodeUtf8 } from "../src/hash/utf8.js";

/** Letters of one, two, three and four bytes. */
const LETTERS = ["x", "é", "€", "😀"];
const lengths = Array.from({ length: 201 }, (_, length) => length);

/** Strings of well-formed code points on all planes. fast-check's unit `binary` would first build a table of all of them. */
const text = fc
  .array(
    fc.integer({ min: 0, max: 0x10ffff }).filter((it) => it < 0xd800 || it > 0xdfff),
    { maxLength: 200 },
  )
  .map((points) => String.fromCodePoint(...points));
/** Strings that may contain lone surrogates. */
const anyUnits = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff })))
  .map((units) => String.fromCharCode(...units));

function nodeSha1Uint60(text: string): number {
  return Number.parseInt(nodeHash("sha1", text).slice(0, 15), 16);
}

function nodeHash(algorithm: string, data: string | Uint8Array): string {
  return createHash(algorithm).update(data).digest("hex");
}

/** MurmurHash3_x86_32 with seed 0, a literal port of the author's code. */
function plainMurmur3(bytes: Buffer): number {
  const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));
  const scramble = (word: number): number =>
    Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  let hash = 0;
  const whole = bytes.length - (bytes.length % 4);
  for (let i = 0; i < whole; i += 4) {
    hash = (Math.imul(rotate(hash ^ scramble(bytes.readInt32LE(i)), 13), 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let i = bytes.length - 1; i >= whole; i--) rest = (rest << 8) | bytes.readUInt8(i);
  hash ^= scramble(rest) ^ bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

describe("md5, compared with node:crypto", () => {
  it.each(LETTERS)("is the same for every number of %s from 0 to 200", (letter) => {
    const texts = lengths.map((length) => letter.repeat(length));
    expect(texts.map(md5Hex)).toEqual(texts.map((it) => nodeHash("md5", it)));
  });

  it("is the same for strings on all planes", () => {
    fc.assert(
      fc.property(text, (it) => {
        expect(md5Hex(it)).toBe(nodeHash("md5", it));
      }),
      { numRuns: 1_000 / PARTS },
    );
  });

  it("gives the same first four bytes", () => {
    fc.assert(
      fc.property(text, (it) => {
        expect(md5Uint32(it)).toBe(createHash("md5").update(it).digest().readUInt32BE(0));
      }),
      { numRuns: 1_000 / PARTS },
    );
  });
});

describe("sha1, compared with node:crypto", () => {
  it.each(LETTERS)("is the same for every number of %s from 0 to 200", (letter) => {
    const texts = lengths.map((length) => letter.repeat(length));
    expect(texts.map((it) => sha1Uint60(it))).toEqual(texts.map(nodeSha1Uint60));
  });

  it("is the same for any units, lone surrogates too", () => {
    fc.assert(
      fc.property(fc.oneof(text, anyUnits), (it) => {
        expect(sha1Uint60(it)).toBe(nodeSha1Uint60(it));
      }),
      { numRuns: 2_000 / PARTS },
    );
  });
});

describe("murmur3, compared with its definition", () => {
  it.each(LETTERS)("is the same for every number of %s from 0 to 200", (letter) => {
    const texts = lengths.map((length) => letter.repeat(length));
    expect(texts.map((it) => murmur3Uint32(it))).toEqual(
      texts.map((it) => plainMurmur3(Buffer.from(it))),
    );
  });

  it("is the same for strings on all planes", () => {
    fc.assert(
      fc.property(text, (it) => {
        expect(murmur3Uint32(it)).toBe(plainMurmur3(Buffer.from(it)));
      }),
      { numRuns: 1_000 / PARTS },
    );
  });
});

describe("a prepared prefix", () => {
  const anyText = fc.oneof(text, anyUnits, fc.string({ maxLength: 140 }));
  it.each([
    { name: "md5", behind: (a: string, b: string) => md5Uint32(b, md5Prefix(a)), whole: md5Uint32 },
    {
      name: "sha1",
      behind: (a: string, b: string) => sha1Uint60(b.slice(0, 3), sha1Prefix(a), b.slice(3)),
      whole: sha1Uint60,
    },
    {
      name: "sha256",
      behind: (a: string, b: string) => sha256Modulo(b, 10_000, sha256Prefix(a)),
      whole: (it: string) => sha256Modulo(it, 10_000),
    },
    {
      name: "murmur3",
      behind: (a: string, b: string) => murmur3Uint32(b, murmur3Prefix(a)),
      whole: murmur3Uint32,
    },
    {
      name: "fnv1a",
      behind: (a: string, b: string) => fnv1aUint32(b, fnv1aPrefix(a)),
      whole: fnv1aUint32,
    },
  ])("of $name makes no difference, wherever the string is cut", ({ behind, whole }) => {
    const outcome = (hash: () => number): unknown => {
      try {
        return hash();
      } catch (error) {
        return (error as Error).name;
      }
    };
    fc.assert(
      fc.property(anyText, fc.nat(200), (it, cut) => {
        expect(outcome(() => behind(it.slice(0, cut), it.slice(cut)))).toEqual(
          outcome(() => whole(it)),
        );
      }),
      { numRuns: 3_000 / PARTS },
    );
  });
});

describe("sha256, compared with node:crypto", () => {
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

  it("has the same remainder, for any string and modulus", () => {
    fc.assert(
      fc.property(fc.oneof(text, anyUnits), fc.integer({ min: 1, max: 2 ** 26 }), (it, modulus) => {
        const first = createHash("sha256").update(it).digest().readBigUInt64BE(0);
        expect(sha256Modulo(it, modulus)).toBe(Number(first % BigInt(modulus)));
      }),
      { numRuns: 1_000 / PARTS },
    );
  });

  it("treats a lone surrogate as U+FFFD, like Node", () => {
    fc.assert(
      fc.property(anyUnits, (it) => {
        expect(Buffer.from(sha256(encodeUtf8(it))).toString("hex")).toBe(nodeHash("sha256", it));
      }),
    );
  });
});

describe("UTF-8, compared with the host", () => {
  it("is encoded as by TextEncoder, including lone surrogates", () => {
    fc.assert(
      fc.property(anyUnits, (it) => {
        expect(encodeUtf8(it)).toEqual(new TextEncoder().encode(it));
      }),
      { numRuns: 1_000 / PARTS },
    );
  });

  it("is decoded as by TextDecoder, for any bytes", () => {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    // Malformed sequences consist of bytes that start or continue sequences.
    const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0x80, max: 0xf5 }));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 40 }), (it) => {
        const bytes = Uint8Array.from(it);
        expect(decodeUtf8(bytes)).toBe(decoder.decode(bytes));
      }),
      { numRuns: 3_000 / PARTS },
    );
  });
});

describe("Base64, compared with Buffer", () => {
  it.each(["base64", "base64url"] as const)("is decoded from Buffer's encoding %s", (form) => {
    fc.assert(
      fc.property(text, (it) => {
        expect(decodeBase64(Buffer.from(it).toString(form))).toBe(it);
      }),
    );
  });

  it("is decoded to the same bytes, even if they are not UTF-8", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const buffer = Buffer.from(bytes);
        const expected = new TextDecoder("utf-8", { ignoreBOM: true }).decode(buffer);
        expect(decodeBase64(buffer.toString("base64"))).toBe(expected);
      }),
    );
  });
});
