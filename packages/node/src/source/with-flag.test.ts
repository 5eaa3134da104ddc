import type { Payload, PayloadSet } from "@sortition/core/internal";
import { describe, expect, it } from "vitest";
import { withFlag } from "./with-flag.js";
import { withPart } from "./with-part.js";

const PLACE = { part: "flags", member: "flags", shape: "map" } as const;

function payload(part: string, text: string): Payload {
  return { part, bytes: Buffer.from(text), etag: `"${part}"`, fetchedAtMs: 1, from: "network" };
}

const HELD: PayloadSet = [payload("flags", '{"flags":{"a":1}}'), payload("cohorts", "{}")];

describe("withPart", () => {
  it("replaces the part with the same name in its position, or appends the part", () => {
    const flags = payload("flags", "{}");
    expect(withPart(HELD, flags)).toEqual([flags, HELD[1]]);
    expect(withPart(HELD.slice(1), flags)).toEqual([HELD[1], flags]);
    expect(withPart(null, flags)).toEqual([flags]);
  });
});

describe("withFlag", () => {
  it.each([
    { json: "2", text: '{"flags":{"a":1,"b":2}}' },
    { json: undefined, text: '{"flags":{"a":1}}' },
  ])("returns $text for the flag $json", ({ json, text }) => {
    const [flags, cohorts] = withFlag(HELD, PLACE, { key: "b", json, receivedAtMs: 7 });
    expect(Buffer.from(flags?.bytes ?? "").toString()).toBe(text);
    // The patched part has no etag, because the server never sent it.
    expect([flags?.etag, flags?.fetchedAtMs, cohorts]).toEqual([null, 7, HELD[1]]);
  });

  it.each([
    { what: "the part is missing", held: HELD.slice(1), json: "1" },
    { what: "the flags cannot be found", held: [payload("flags", '{"flags":[]}')], json: "1" },
    { what: "the flag is not JSON", held: HELD, json: "{" },
  ])("throws when $what", ({ held, json }) => {
    expect(() => withFlag(held, PLACE, { key: "a", json, receivedAtMs: 0 })).toThrow(
      "the change of a flag cannot be applied",
    );
  });
});
