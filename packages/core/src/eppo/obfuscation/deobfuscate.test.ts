import { describe, expect, it } from "vitest";
import { DecodeError } from "../../errors/errors.js";
import { deobfuscateFlag } from "./deobfuscate.js";

const b64 = (text: string): string => btoa(text);

function flag(overrides: object = {}): object {
  return {
    key: "hash",
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { [b64("on")]: { key: b64("on"), value: b64("yes") } },
    allocations: [
      {
        key: b64("all"),
        rules: [{ conditions: [{ attribute: "hash", operator: "hash", value: "hash" }] }],
        startAt: b64("2026-01-01T00:00:00Z"),
        splits: [
          {
            variationKey: b64("on"),
            shards: [{ salt: b64("salt"), ranges: [{ start: 0, end: 5 }] }],
            extraLogging: { [b64("holdout")]: b64("h1") },
          },
        ],
        doLog: true,
      },
    ],
    ...overrides,
  };
}

describe("deobfuscateFlag", () => {
  it.each([
    { broken: { variations: { x: { key: 1 } } }, path: '$.variations["x"].key' },
    { broken: { variations: { x: { key: b64("x"), value: "Zm9vZ" } } }, path: "value" },
    { broken: { allocations: [{ key: b64("a"), splits: 1 }] }, path: "$.allocations[0].splits" },
    {
      broken: { allocations: [{ key: b64("a"), splits: [], startAt: b64("soon") }] },
      path: "$.allocations[0].startAt",
    },
  ])("fails as a whole and names $path", ({ broken, path }) => {
    const decode = (): unknown => deobfuscateFlag(flag(broken), "$");
    expect(decode).toThrow(DecodeError);
    expect(decode).toThrow(path);
  });
});
