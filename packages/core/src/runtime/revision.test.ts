import { describe, expect, it } from "vitest";
import { concatenated } from "../hash/concatenated.js";
import { sha256 } from "../hash/sha256.js";
import { encodeUtf8 } from "../hash/utf8.js";
import { precomputeRevision, type RevisionPart, revisionOf } from "./revision.js";

const part = (name: string, text: string): RevisionPart => ({
  part: name,
  bytes: encodeUtf8(text),
});

describe("revisionOf", () => {
  it("is the first 16 hex digits of SHA-256 over name, length and bytes", () => {
    const preimage = encodeUtf8("bandits\x001\x00bflags\x002\x00ff");
    const hex = Array.from(sha256(preimage), (byte) => byte.toString(16).padStart(2, "0")).join("");
    expect(revisionOf([part("flags", "ff"), part("bandits", "b")])).toBe(hex.slice(0, 16));
  });

  it("does not depend on the order of the parts", () => {
    const [a, b] = [part("flags", "x"), part("bandits", "y")];
    expect(revisionOf([a, b])).toBe(revisionOf([b, a]));
  });

  it("separates parts from each other", () => {
    const one = revisionOf([part("a", "xy"), part("b", "")]);
    expect(revisionOf([part("a", "x"), part("b", "y")])).not.toBe(one);
  });
});

describe("precomputeRevision", () => {
  it("returns the same as revisionOf", async () => {
    const parts = [part("flags", "{}")];
    await precomputeRevision(parts, async (...chunks) => sha256(concatenated(chunks)));
    expect(revisionOf(parts)).toBe(revisionOf([part("flags", "{}")]));
  });

  it("saves revisionOf the work", async () => {
    const parts = [part("flags", "{}")];
    await precomputeRevision(parts, async () => new Uint8Array(32).fill(0xab));
    expect(revisionOf(parts)).toBe("ab".repeat(8));
  });

  it("computes no digest twice", async () => {
    const parts = [part("flags", "{}")];
    const known = revisionOf(parts);
    await precomputeRevision(parts, async () => new Uint8Array(32));
    expect(revisionOf(parts)).toBe(known);
  });
});
