import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { evaluating } from "../ofrep/ground.js";
import { relayOf } from "../start.js";
import { textOf, Visitor } from "./visitor.js";

/** A flag with two rules: some subjects from Germany, then a share of all. */
type PayloadOf = (share: number) => object;

const ufc: PayloadOf = (share) => {
  const of = (key: string, from: number, rules: readonly object[]): object => {
    const split = (variationKey: string, start: number, end: number): object => ({
      variationKey,
      shards: [{ salt: key, totalShards: 100, ranges: [{ start, end }] }],
    });
    return { key, rules, splits: [split("on", 0, from), split("off", from, 100)], doLog: true };
  };
  const germans = { attribute: "country", operator: "ONE_OF", value: ["DE"] };
  const checkout = {
    ...{ key: "checkout", enabled: true, variationType: "STRING", totalShards: 100 },
    variations: { on: { key: "on", value: "on" }, off: { key: "off", value: "off" } },
    allocations: [of("pilot", share, [{ conditions: [germans] }]), of("rest", share, [])],
  };
  return {
    ...{ createdAt: "2026-01-05T00:00:00.000Z", format: "SERVER", environment: { name: "Test" } },
    flags: { checkout },
  };
};

const growthbook: PayloadOf = (share) => {
  const rule = { variations: ["on", "off"], weights: [share / 100, 1 - share / 100], key: "e" };
  const rules = [{ ...rule, condition: { country: "DE" } }, rule];
  return { features: { checkout: { defaultValue: "off", rules } } };
};

const amplitude: PayloadOf = (share) => {
  const bucket = {
    ...{ selector: ["context", "user", "user_id"], salt: "s" },
    allocations: [
      { range: [0, share], distributions: [{ variant: "on", range: [0, 42_949_673] }] },
    ],
  };
  const germans = { selector: ["context", "user", "country"], op: "is", values: ["DE"] };
  const variants = { on: { key: "on", value: "on" }, off: { key: "off", value: "off" } };
  const segments = [
    { conditions: [[germans]], bucket, variant: "off" },
    { bucket, variant: "off" },
  ];
  return [{ key: "checkout", variants, segments }];
};

const posthog: PayloadOf = (share) => {
  const germans = { key: "country", type: "person", operator: "exact", value: ["DE"] };
  const groups = [
    { properties: [germans], rollout_percentage: share },
    { properties: [], rollout_percentage: share },
  ];
  const checkout = { ...{ id: 1, key: "checkout", active: true, version: 1 }, filters: { groups } };
  return { flags: [checkout], ...{ group_type_mapping: {}, cohorts: {} } };
};

const datadog: PayloadOf = (share) => ({
  data: { type: "universal-flag-configuration", attributes: ufc(share) },
});

const KEYS = ["pilot", "rest"] as const;

describe.each([
  { dialect: "eppo", payloadOf: ufc, names: KEYS },
  { dialect: "datadog", payloadOf: datadog, names: KEYS },
  { dialect: "growthbook", payloadOf: growthbook, names: ["Rule 1", "Rule 2"] },
  { dialect: "amplitude", payloadOf: amplitude, names: ["Segment 1", "Segment 2"] },
  { dialect: "posthog", payloadOf: posthog, names: ["Condition set 1", "Condition set 2"] },
] as const)("the rules of $dialect", ({ dialect, names, payloadOf }) => {
  it("have the same names on the flag's page, Changes and Evaluate", async () => {
    const environment = evaluating(dialect, payloadOf(20));
    const relay = await relayOf({ environments: [environment] });
    const visitor = new Visitor(relay);
    const changes = async (): Promise<string> =>
      textOf((await visitor.get(`/page/${dialect}/changes`)).text);
    await expect.poll(changes).toContain("First configurations");
    const { file } = environment as { readonly file: string };
    writeFileSync(file, JSON.stringify(payloadOf(30)));
    relay.environments[0]?.requestRefresh();
    await expect.poll(changes).toContain("1 change seen");
    const fields = { key: "user-1", name: "country", value: "FR", flag: "checkout" };
    const evaluated = await visitor.post(`/page/${dialect}/subject`, fields);
    const [shown = ""] = textOf(evaluated.text).split("In a terminal");
    const flag = textOf((await visitor.get(`/page/${dialect}/flag?key=checkout`)).text);
    const texts = [flag, await changes(), shown];
    for (const name of names) for (const text of texts) expect(text).toContain(name);
    for (const text of texts) expect(text).not.toMatch(/condition-\d|\b0: |split for 0\b/);
  });
});
