import * as vendor from "@growthbook/growthbook";
import { Configuration, createClient } from "@sortition/core";
import { countErrors } from "@sortition/dialect-kit/dialect-contract";
import { growthOf } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { evalCondition } from "../src/dialect/condition/eval-condition.js";
import { growthbook } from "../src/dialect.js";
import { GrowthBook } from "../src/index.js";

const dialect = growthbook();
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function issuesOf(condition: unknown): readonly string[] {
  const features = { f: { rules: [{ condition, force: 1 }] } };
  const flags = new TextEncoder().encode(JSON.stringify({ features }));
  const { issues } = Configuration.from({ dialect, payloads: { flags } });
  return issues.map(({ code, path }) => `${code} ${path}`);
}

const AT = '$.features["f"].rules[0].condition';

describe("a condition that is not an object", () => {
  const USERS = [{}, { 0: "a" }, { 0: "a", 1: "b" }, { 0: ["a"], 1: "b" }, { 0: 1 }, { 0: null }];

  it.each(
    [
      ...["", "a", "ab", "abc", "aa", "n", "1", "\u{1f600}", 5, true],
      ...[[], ["a", "b"], [1], [null], [true], [["a"]], ["a", { $in: ["b"] }], [{ $regex: "a" }]],
    ].map((it) => ({ it })),
  )("has the vendor's result: $it", ({ it: condition }) => {
    const wrapped = [
      condition,
      { $not: condition },
      { $or: condition },
      { $nor: condition },
      { $and: condition },
      { x: { $elemMatch: condition } },
    ];
    for (const user of USERS) {
      for (const it of wrapped) {
        const ask = (evaluate: (obj: never, condition: never) => boolean): boolean | string => {
          try {
            return evaluate({ ...user, x: [user] } as never, it as never);
          } catch {
            return "throws";
          }
        };
        const expected = ask((obj, asked) => vendor.evalCondition(obj, asked));
        expect(ask(evalCondition), JSON.stringify([user, it])).toBe(expected);
      }
    }
  });

  it.each([
    { condition: "ab", paths: [AT] },
    { condition: 5, paths: [AT] },
    { condition: true, paths: [AT] },
    { condition: { $or: "ab" }, paths: [`${AT}["$or"]`] },
    { condition: { $and: 5 }, paths: [`${AT}["$and"]`] },
    { condition: { $not: "ab" }, paths: [`${AT}["$not"]`] },
    { condition: { x: { $regex: "(" } }, paths: [`${AT}["x"].$regex`] },
    { condition: { x: { $regexi: 5 } }, paths: [`${AT}["x"].$regexi`] },
    { condition: ["ab"], paths: [] },
    { condition: {}, paths: [] },
  ])("is malformed: $condition", ({ condition, paths }) => {
    expect(issuesOf(condition)).toEqual(paths.map((path) => `malformed ${path}`));
  });

  /** Work that takes the same time for any input grows by 1, and work per character or element by 10. */
  const CONSTANT = 3;

  it.each([
    { name: "a condition", ruleOf: (condition: unknown) => ({ condition, force: 1 }), value: 0 },
    {
      name: "a list of conditions",
      ruleOf: ($or: unknown) => ({ condition: { $or }, force: 1 }),
      value: 0,
    },
    {
      name: "a negated list",
      ruleOf: ($nor: unknown) => ({ condition: { $nor }, force: 1 }),
      value: 1,
    },
    {
      name: "all of a list",
      ruleOf: ($and: unknown) => ({ condition: { $and }, force: 1 }),
      value: 0,
    },
  ])("takes no time per character, as $name", ({ ruleOf, value }) => {
    const evaluating = (length: number) => {
      const features = { f: { defaultValue: 0, rules: [ruleOf("x".repeat(length))] } } as never;
      return () => {
        const gb = new GrowthBook({ features, attributes: { id: "1" } });
        expect(gb.getFeatureValue("f", 0)).toBe(value);
      };
    };
    const work = { small: evaluating(1_000_000), large: evaluating(10_000_000) };

    expect(growthOf(work, CONSTANT)).toBeLessThanOrEqual(CONSTANT);
  });

  const listOf = (length: number): readonly number[] => Array.from({ length }, (_, i) => i);
  it.each([
    { name: "a condition", conditionOf: (list: readonly number[]) => list },
    { name: "a negated condition", conditionOf: ($not: readonly number[]) => ({ $not: { $not } }) },
    {
      name: "the condition of an element",
      conditionOf: ($elemMatch: readonly number[]) => ({ x: { $elemMatch } }),
    },
  ])("takes no time per element of a list, as $name", ({ conditionOf }) => {
    const featuresOf = (length: number) =>
      ({
        f: { defaultValue: 0, rules: [{ condition: conditionOf(listOf(length)), force: 1 }] },
      }) as never;
    const ways = [
      (length: number) => {
        const features = featuresOf(length);
        return () => {
          const gb = new GrowthBook({ features, attributes: { id: "1" } });
          expect(gb.getFeatureValue("f", 0)).toBe(0);
        };
      },
      (length: number) => {
        const flags = new TextEncoder().encode(JSON.stringify({ features: featuresOf(length) }));
        const initialConfiguration = Configuration.from({ dialect, payloads: { flags } });
        const client = createClient({ initialConfiguration, diagnostics: SILENT });
        return () => expect(client.getIntegerAssignment("f", "1", {}, 0)).toBe(0);
      },
    ];
    for (const way of ways) {
      const work = { small: way(20_000), large: way(200_000) };

      expect(growthOf(work, CONSTANT)).toBeLessThanOrEqual(CONSTANT);
    }
  });

  it("does not create an error per malformed element, as filters", () => {
    const rule = { variations: [0, 1], filters: listOf(50_000) };
    const features = { f: { defaultValue: 0, rules: [rule] } } as never;
    const errors = countErrors(() => {
      const gb = new GrowthBook({ features, attributes: { id: "1" }, diagnostics: SILENT });
      expect(gb.evalFeature("f").source).toBe("unknownFeature");
    });
    expect(errors).toBeLessThan(500);
  });

  it("takes no time per character, as the contexts of a bandit", () => {
    const features = { f: { rules: [{ variations: [0, 1], contextualBanditRef: "b" }] } };
    const evaluating = (length: number) => {
      const payload: object = {
        features,
        contextualBandits: { b: { contexts: "x".repeat(length) } },
      };
      return () => {
        const gb = new GrowthBook({ attributes: { id: "1" } }).initSync({ payload });
        expect([0, 1]).toContain(gb.getFeatureValue("f", 9));
      };
    };
    const work = { small: evaluating(1_000_000), large: evaluating(10_000_000) };

    expect(growthOf(work, CONSTANT)).toBeLessThanOrEqual(CONSTANT);
  });
});
