import { describe, expect, it } from "vitest";
import { HOSTILE_VALUES } from "../../src/fuzz/hostile-values.js";
import { pathsOf, pathText } from "../../src/fuzz/json-path.js";
import { mutatedText } from "../../src/fuzz/mutation.js";
import type { FuzzPlan, FuzzSample } from "../../src/fuzz/plan.js";
import { runFuzzer } from "../../src/fuzz/run.js";

const DOCUMENT = { a: { price: 5, name: "x" }, b: [{ price: 7 }, { price: 1 }] };

/** Prices with a fault on our side: a list is converted to its first element. */
const PRICES: FuzzPlan<FuzzSample, { readonly ours: unknown; readonly vendor: unknown }> = {
  name: "prices",
  named: [],
  sample: () => ({ document: DOCUMENT }),
  async ask(_, text) {
    const { a } = Object(JSON.parse(text)) as { readonly a?: { readonly price?: unknown } };
    const price = a?.price;
    return [{ ours: Array.isArray(price) ? price[0] : price, vendor: price }];
  },
  show: () => "",
};

const RUN = { seed: 1, rounds: 2_000, values: HOSTILE_VALUES };

describe("runFuzzer", () => {
  it("reports the path and the value that show a difference", async () => {
    const { findings } = await runFuzzer(PRICES, RUN);
    expect(findings.length).toBeGreaterThan(0);
    for (const { mutation } of findings) {
      expect(pathText(mutation.path)).toBe("$.a.price");
      expect(mutation.value.name).toContain("list");
    }
  });

  it("reduces the payload to the part that shows the difference", async () => {
    const { findings } = await runFuzzer(PRICES, RUN);
    const [finding] = findings;
    expect(finding?.text).toBe(`{"a":{"price":${finding?.mutation.value.json}}}`);
  });

  it("repeats a finding first if its seed is given", async () => {
    const { findings } = await runFuzzer(PRICES, RUN);
    const [finding] = findings;
    const again = await runFuzzer(PRICES, { ...RUN, seed: finding?.seed ?? 0, rounds: 1 });
    expect(again.findings).toEqual([finding]);
  });

  it("tries each value within three times as many rounds, whatever the seed", async () => {
    const honest = { ...PRICES, ask: async () => [] };
    const rounds = 3 * HOSTILE_VALUES.length;
    for (let seed = 1; seed <= 20; seed++) {
      for (const first of [seed, seed * 0x0bad_cafe]) {
        const { values } = await runFuzzer(honest, { ...RUN, rounds, seed: first });
        expect([...values].filter(([, count]) => count === 0)).toEqual([]);
      }
    }
  });

  it("finds nothing if both sides return the same", async () => {
    const honest = { ...PRICES, ask: async () => [{ ours: 1, vendor: 1 }] };
    const { findings, rounds } = await runFuzzer(honest, RUN);
    expect(findings).toEqual([]);
    expect(rounds).toBe(RUN.rounds);
  });
});

describe("mutatedText", () => {
  it.each(HOSTILE_VALUES)("writes valid JSON at every node: $name", (value) => {
    for (const path of pathsOf(DOCUMENT)) {
      expect(() => JSON.parse(mutatedText(DOCUMENT, { path, value }))).not.toThrow();
    }
  });

  it("treats `__proto__` as an ordinary member", () => {
    const document: unknown = JSON.parse('{"__proto__":{"a":1}}');
    const value = { name: "2", json: "2" };
    expect(mutatedText(document, { path: ["__proto__", "a"], value })).toBe(
      '{"__proto__":{"a":2}}',
    );
  });
});
