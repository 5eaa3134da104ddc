import * as vendor from "@growthbook/growthbook";
import { Configuration, createClient } from "@sortition/core";
import { describe, expect, it } from "vitest";
import { evalCondition } from "../src/dialect/condition/eval-condition.js";
import { growthbook } from "../src/dialect.js";
import { type FeatureDefinition, GrowthBook } from "../src/index.js";

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
    { condition: ["ab"], paths: [] },
    { condition: {}, paths: [] },
  ])("is malformed: $condition", ({ condition, paths }) => {
    expect(issuesOf(condition)).toEqual(paths.map((path) => `malformed ${path}`));
  });

  const LONG = "x".repeat(10_000_000);
  it.each([
    { name: "a condition", rule: { condition: LONG, force: 1 }, value: 0 },
    { name: "a list of conditions", rule: { condition: { $or: LONG }, force: 1 }, value: 0 },
    { name: "a negated list", rule: { condition: { $nor: LONG }, force: 1 }, value: 1 },
    { name: "all of a list", rule: { condition: { $and: LONG }, force: 1 }, value: 0 },
  ])("growthbook fault 4: takes no time per character, as $name", ({ rule, value }) => {
    const features = { f: { defaultValue: 0, rules: [rule] } } as unknown as Record<
      string,
      FeatureDefinition
    >;
    const before = process.cpuUsage();
    const gb = new GrowthBook({ features, attributes: { id: "1" } });
    expect(gb.getFeatureValue("f", 0)).toBe(value);
    const { user } = process.cpuUsage(before);
    expect(user / 1_000).toBeLessThan(300);
  });

  const LONG_LIST = Array.from({ length: 200_000 }, (_, i) => i);
  it.each([
    { name: "a condition", condition: LONG_LIST },
    { name: "a negated condition", condition: { $not: { $not: LONG_LIST } } },
    { name: "the condition of an element", condition: { x: { $elemMatch: LONG_LIST } } },
  ])("growthbook fault 4: takes no time per element of a list, as $name", ({ condition }) => {
    const features = { f: { defaultValue: 0, rules: [{ condition, force: 1 }] } } as never;
    const payloads = { flags: new TextEncoder().encode(JSON.stringify({ features })) };
    const initialConfiguration = Configuration.from({ dialect, payloads });
    const client = createClient({ initialConfiguration });
    const evaluations = [
      () => new GrowthBook({ features, attributes: { id: "1" } }).getFeatureValue("f", 0),
      () => client.getIntegerAssignment("f", "1", {}, 0),
    ];
    for (const evaluate of evaluations) {
      const before = process.cpuUsage();
      expect(evaluate()).toBe(0);
      const { user } = process.cpuUsage(before);
      expect(user / 1_000).toBeLessThan(200);
    }
  });

  it("growthbook fault 4: does not create an error per malformed element, as filters", () => {
    const rule = { variations: [0, 1], filters: LONG_LIST.slice(0, 50_000) };
    const features = { f: { defaultValue: 0, rules: [rule] } } as never;
    const before = process.cpuUsage();
    const gb = new GrowthBook({ features, attributes: { id: "1" }, diagnostics: SILENT });
    expect(gb.evalFeature("f").source).toBe("unknownFeature");
    const { user } = process.cpuUsage(before);
    expect(user / 1_000).toBeLessThan(500);
  });

  it("growthbook fault 4: takes no time per character, as the contexts of a bandit", () => {
    const features = { f: { rules: [{ variations: [0, 1], contextualBanditRef: "b" }] } };
    const contextualBandits = { b: { contexts: LONG } };
    const before = process.cpuUsage();
    const payload = { features, contextualBandits } as object;
    const gb = new GrowthBook({ attributes: { id: "1" } }).initSync({ payload });
    expect([0, 1]).toContain(gb.getFeatureValue("f", 9));
    const { user } = process.cpuUsage(before);
    expect(user / 1_000).toBeLessThan(300);
  });
});
