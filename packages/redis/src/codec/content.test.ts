import { createHash } from "node:crypto";
import { eppo } from "@sortition/core/eppo";
import type { Payload } from "@sortition/core/internal";
import { describe, expect, it } from "vitest";
import { contentOf, withPart } from "./content.js";

const digest = async (...chunks: readonly Uint8Array[]) => {
  const hash = createHash("sha256");
  for (const chunk of chunks) hash.update(chunk);
  return new Uint8Array(hash.digest());
};

function payload(part: string, text: string): Payload {
  return { part, bytes: Buffer.from(text), etag: null, fetchedAtMs: 0, from: "network" };
}

describe("contentOf", () => {
  it("begins the total hash with the revision that clients report", async () => {
    const payloads = [payload("flags", '{"flags":{}}'), payload("bandits", '{"bandits":{}}')];
    const { revision } = eppo().compile({ payloads, prepared: null, former: null });
    const { sha } = await contentOf(payloads, digest);
    expect(sha.slice(0, 16)).toBe(revision);
  });

  it("does not depend on the order of the parts", async () => {
    const [a, b] = [payload("a", "1"), payload("b", "2")];
    const contents = await Promise.all([contentOf([a, b], digest), contentOf([b, a], digest)]);
    expect(contents[0]?.sha).toBe(contents[1]?.sha);
  });

  it("hashes the same bytes once", async () => {
    let calls = 0;
    const counting: typeof digest = (...chunks) => {
      calls += 1;
      return digest(...chunks);
    };
    const flags = payload("flags", "1");
    await contentOf([flags], counting);
    await contentOf([flags, payload("cohort", "2")], counting);
    expect(calls).toBe(4); // one per part, and two over all parts
  });
});

describe("withPart", () => {
  it("replaces the part of the same name", () => {
    const payloads = [payload("flags", "1"), payload("cohort", "1")];
    const next = withPart(payloads, payload("cohort", "2"));
    expect(next.map(({ bytes, part }) => `${part}${Buffer.from(bytes)}`)).toEqual([
      "flags1",
      "cohort2",
    ]);
  });
});
