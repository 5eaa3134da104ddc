import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffFlags } from "../src/configuration/diff.js";
import type { CompileInput, Dialect } from "../src/dialect.js";
import { eppo } from "../src/eppo.js";
import { DecodeError } from "../src/errors/errors.js";
import { encodeUtf8 } from "../src/hash/utf8.js";
import { runAtOnce } from "../src/runtime/slices.js";
import type { Configuration } from "./eppo-client.js";

/** A dialect, and the JSON that its payloads are generated around. */
interface DialectUnderTest {
  readonly dialect: Dialect;
  /** Valid content of each part, as JSON. */
  readonly valid: Readonly<Record<string, string>>;
}

/** JSON values, some nested deeper than a stack allows. */
const json: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.json({ maxDepth: 4 }) },
  {
    weight: 1,
    arbitrary: fc.json({ maxDepth: 1 }).map((it) => "[".repeat(15_000) + it + "]".repeat(15_000)),
  },
  {
    weight: 1,
    arbitrary: fc
      .json({ maxDepth: 1 })
      .map((it) => '{"a":'.repeat(15_000) + it + "}".repeat(15_000)),
  },
);

/**
 * `compile`, `isSameFlag`, `inspect` and `diff` never throw for any JSON: `compile` throws nothing but a
 * DecodeError.
 */
function describeAnyJson({ dialect, valid }: DialectUnderTest): void {
  const parts = Object.keys(valid);
  /** Any JSON as a whole part, or instead of one value of a valid part. */
  const body = (part: string): fc.Arbitrary<string> => {
    const text = valid[part] as string; // a key of `valid`
    const places = [...text.matchAll(/:(?:"[^"]*"|\d+|true|false)/g)].map(({ 0: it, index }) => ({
      start: index + 1,
      end: index + it.length,
    }));
    const replaced = fc
      .tuple(fc.constantFrom(...places), json)
      .map(([{ start, end }, it]) => text.slice(0, start) + it + text.slice(end));
    return fc.oneof({ weight: 4, arbitrary: replaced }, { weight: 1, arbitrary: json });
  };
  const bodies = fc.tuple(...parts.map(body));

  const compile = (texts: readonly string[], former: Configuration | null) => {
    const payloads = texts.map((text, i): CompileInput["payloads"][number] => ({
      part: parts[i] as string, // there is one part for each text
      bytes: encodeUtf8(text),
      etag: null,
      fetchedAtMs: 0,
      from: "network",
    }));
    try {
      return dialect.compile({ payloads, prepared: null, former });
    } catch (error) {
      expect(error).toBeInstanceOf(DecodeError);
      return null;
    }
  };

  it("compile, isSameFlag, inspect and diff never throw for any JSON", () => {
    let compiled = 0;
    fc.assert(
      fc.property(bodies, bodies, (first, second) => {
        const former = compile(first, null);
        const next = compile(second, former);
        if (next === null) return;
        compiled += 1;
        if (former !== null) {
          for (const key of next.flagKeys) next.isSameFlag(key, former);
          runAtOnce(diffFlags(former, next));
        }
        runAtOnce(diffFlags(null, next));
        runAtOnce(next.inspect());
        expect(Array.isArray(next.issues)).toBe(true);
        for (const key of next.flagKeys) next.flag(key);
      }),
    );
    expect(compiled).toBeGreaterThan(10);
  });
}

const FLAG = {
  key: "a",
  enabled: true,
  variationType: "JSON",
  variations: { on: { key: "on", value: '{"a":1}' } },
  totalShards: 10_000,
  allocations: [
    {
      key: "all",
      startAt: "2026-01-01T00:00:00.000Z",
      endAt: "2027-01-01T00:00:00.000Z",
      rules: [{ conditions: [{ attribute: "age", operator: "GT", value: 5 }] }],
      splits: [
        {
          variationKey: "on",
          shards: [{ salt: "s", ranges: [{ start: 0, end: 10_000 }] }],
          extraLogging: { k: "v" },
        },
      ],
      doLog: true,
    },
  ],
};

describe("eppo", () => {
  const reference = {
    modelVersion: "v1",
    flagVariations: [
      { key: "b", flagKey: "a", allocationKey: "all", variationKey: "on", variationValue: "on" },
    ],
  };
  const coefficients = { actionKey: "x", intercept: 1, subjectNumericCoefficients: "@" };
  describeAnyJson({
    dialect: eppo(),
    valid: {
      flags: JSON.stringify({
        createdAt: "2026-01-01T00:00:00.000Z",
        format: "SERVER",
        environment: { name: "Test" },
        flags: { a: FLAG, b: { ...FLAG, key: "b" } },
        banditReferences: { b: reference },
      }),
      bandits: JSON.stringify({
        bandits: {
          b: {
            banditKey: "b",
            modelName: "falcon",
            modelVersion: "v1",
            modelData: {
              gamma: 1,
              defaultActionScore: 0,
              actionProbabilityFloor: 0,
              coefficients: { x: coefficients },
            },
          },
        },
      }),
    },
  });
});
