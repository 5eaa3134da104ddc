import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeBytes, encodeBytes } from "./stored-bytes.js";

const bytes = Buffer.from("x".repeat(1_000));

describe("encodeBytes", () => {
  it.each([
    { compressFromBytes: 1_000, encoding: "raw", because: "it is not larger than the bound" },
    { compressFromBytes: 999, encoding: "gzip", because: "it is larger than the bound" },
  ])("uses $encoding, because $because", async ({ compressFromBytes, encoding }) => {
    const stored = await encodeBytes(bytes, compressFromBytes);
    expect(stored.encoding).toBe(encoding);
    const decoded = await decodeBytes(encoding, Buffer.from(stored.bytes), 1_000);
    expect(Buffer.from(decoded ?? [])).toEqual(bytes);
  });
});

describe("decodeBytes", () => {
  it("accepts bytes at the limit, even if compression made them larger", async () => {
    const incompressible = randomBytes(1_000);
    const stored = await encodeBytes(incompressible, 0);
    expect(stored.bytes.length).toBeGreaterThan(1_000);
    const decoded = await decodeBytes(stored.encoding, Buffer.from(stored.bytes), 1_000);
    expect(Buffer.from(decoded ?? [])).toEqual(incompressible);
  });

  it.each([
    { encoding: "br", stored: bytes, because: "the encoding is unknown" },
    { encoding: "gzip", stored: bytes, because: "it is not compressed" },
    { encoding: "gzip", stored: gzipSync(bytes).subarray(0, 20), because: "its end is missing" },
    { encoding: "raw", stored: Buffer.alloc(1_001), because: "it is larger than allowed" },
    {
      encoding: "gzip",
      stored: gzipSync(Buffer.alloc(10_000_000)),
      because: "it would become larger than allowed",
    },
    {
      encoding: "gzip",
      stored: gzipSync(randomBytes(200_000)),
      because: "it would become larger than allowed long before its end",
    },
    {
      encoding: "gzip",
      stored: Buffer.from(gzipSync(randomBytes(900))).fill(0, 400, 500),
      because: "some of its bytes are damaged",
    },
  ])("returns null, because $because", async ({ encoding, stored }) => {
    expect(await decodeBytes(encoding, stored, 1_000)).toBeNull();
  });

  it.each([
    { expectedBytes: 1_000_000, because: "it is correct" },
    { expectedBytes: 999_000, because: "it is too small" },
    { expectedBytes: 2_000_000, because: "it is too large" },
    { expectedBytes: 9_000_000, because: "it is larger than allowed" },
    { expectedBytes: Number.NaN, because: "it is not stored" },
  ])("decodes with the stored size $expectedBytes: $because", async ({ expectedBytes }) => {
    const large = randomBytes(500_000).toString("hex");
    const decoded = await decodeBytes("gzip", gzipSync(large), 4_000_000, expectedBytes);
    expect(Buffer.from(decoded ?? []).toString()).toBe(large);
  });

  it("decodes into one buffer without copying, although the input is fed in slices", async () => {
    const large = randomBytes(500_000).toString("hex");
    const stored = gzipSync(large);
    expect(stored.length).toBeGreaterThan(500_000);
    const decoded = await decodeBytes("gzip", stored, 4_000_000, large.length);
    expect(decoded?.buffer.byteLength).toBe(large.length + 64);
    expect(Buffer.from(decoded ?? []).toString()).toBe(large);
  });

  it("copies raw bytes, because they are a view of a larger buffer of the connection", async () => {
    const decoded = await decodeBytes("raw", bytes, 1_000);
    expect(decoded?.buffer).not.toBe(bytes.buffer);
  });
});
