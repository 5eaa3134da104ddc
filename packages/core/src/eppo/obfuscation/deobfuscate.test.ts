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
  it("decodes names, values, dates, salts and extra logging, and nothing else", () => {
    expect(deobfuscateFlag(flag(), "$")).toEqual({
      key: "hash",
      enabled: true,
      variationType: "STRING",
      totalShards: 10_000,
      variations: { on: { key: "on", value: "yes" } },
      allocations: [
        {
          key: "all",
          rules: [{ conditions: [{ attribute: "hash", operator: "hash", value: "hash" }] }],
          startAt: "2026-01-01T00:00:00.000Z",
          endAt: undefined,
          splits: [
            {
              variationKey: "on",
              shards: [{ salt: "salt", ranges: [{ start: 0, end: 5 }] }],
              extraLogging: { holdout: "h1" },
            },
          ],
          doLog: true,
        },
      ],
    });
  });

  it.each([
    { type: "INTEGER", text: "12", value: 12 },
    { type: "NUMERIC", text: "1.5", value: 1.5 },
    { type: "BOOLEAN", text: "true", value: true },
    { type: "BOOLEAN", text: "True", value: false },
    { type: "JSON", text: '{"a":1}', value: '{"a":1}' },
  ])("reads the value $text of a flag of type $type as $value", ({ type, text, value }) => {
    const variations = { x: { key: b64("x"), value: b64(text) } };
    const plain = deobfuscateFlag(flag({ variationType: type, variations }), "$");
    expect(plain["variations"]).toEqual({ x: { key: "x", value } });
  });

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
