import { amplitude } from "@sortition/amplitude/dialect";
import { Configuration, createClient } from "@sortition/core";
import type { Dialect } from "@sortition/core/dialect";
import { eppo } from "@sortition/core/eppo";
import { datadog } from "@sortition/datadog/dialect";
import { growthbook } from "@sortition/growthbook/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { describe, expect, it } from "vitest";
import { run, tempFile } from "./run.js";

interface Case {
  readonly dialect: Dialect;
  /** A flag that is on for everybody. */
  readonly good: object;
  /** Malformed flags. In a list, `$key` stands for the member with the key. */
  readonly malformed: readonly unknown[];
  /** Creates the payload from flags with keys. */
  payloadOf(flags: readonly (readonly [key: string, flag: unknown])[]): unknown;
}

const SHARDS = [{ salt: "s", ranges: [{ start: 0, end: 10_000 }] }];
const UFC = {
  enabled: true,
  variationType: "BOOLEAN",
  variations: { on: { key: "on", value: true } },
  allocations: [
    { key: "all", rules: [], splits: [{ variationKey: "on", shards: [] }], doLog: false },
  ],
  totalShards: 10_000,
};
const withAllocation = (change: object): object => ({
  ...UFC,
  allocations: [{ ...UFC.allocations[0], ...change }],
});
const withCondition = (condition: unknown): object =>
  withAllocation({ rules: [{ conditions: [condition] }] });

/** Malformed in both dialects that have this format. */
const MALFORMED_UFC: readonly unknown[] = [
  null,
  "text",
  5,
  [],
  {},
  { ...UFC, variations: null },
  { ...UFC, variations: { on: null } },
  { ...UFC, allocations: 5 },
  { ...UFC, allocations: [null] },
  withAllocation({ rules: 5 }),
  withAllocation({ rules: [null] }),
  withAllocation({ rules: [{ conditions: 5 }] }),
  withCondition(null),
  withCondition({ attribute: "plan", operator: "SOUNDS_LIKE", value: "gold" }),
  withCondition({ attribute: "plan", operator: 5, value: "gold" }),
  withAllocation({ splits: 5 }),
  withAllocation({ splits: [null] }),
  withAllocation({ splits: [{ variationKey: "on", shards: 5 }] }),
  withAllocation({ splits: [{ variationKey: "on", shards: [{ ...SHARDS[0], ranges: 5 }] }] }),
  withAllocation({ startAt: {} }),
];

const withGroups = (groups: unknown): object => ({ active: true, filters: { groups } });
const withFilter = (filter: unknown): object => withGroups([{ properties: [filter] }]);
const withRule = (rule: unknown): object => ({ defaultValue: false, rules: [rule] });
const withSegment = (segment: unknown): object => ({
  variants: { on: { key: "on" } },
  segments: [segment],
});
const withTest = (test: unknown): object => withSegment({ conditions: [[test]], variant: "on" });

const CASES: Readonly<Record<string, Case>> = {
  eppo: {
    dialect: eppo(),
    good: UFC,
    malformed: MALFORMED_UFC,
    payloadOf: (flags) => ufcOf(flags, {}),
  },
  datadog: {
    dialect: datadog(),
    good: UFC,
    malformed: MALFORMED_UFC,
    // In this format, shards have the total.
    payloadOf: (flags) => ufcOf(flags, { totalShards: undefined }),
  },
  growthbook: {
    dialect: growthbook(),
    good: { defaultValue: true },
    malformed: [
      null,
      "text",
      5,
      { defaultValue: true, rules: 5 },
      withRule(null),
      withRule("text"),
      withRule({ force: true, condition: 5 }),
      withRule({ force: true, condition: { plan: { $sounds: "gold" } } }),
      withRule({ force: true, condition: { plan: { $regex: "(" } } }),
      withRule({ force: true, condition: { $or: 5 } }),
      withRule({ force: true, condition: { $or: [null] } }),
      withRule({ force: true, condition: { $not: null } }),
      withRule({ force: true, condition: { $and: 5 } }),
      withRule({ force: true, parentConditions: 5 }),
      withRule({ force: true, parentConditions: [null] }),
      withRule({ force: true, filters: 5 }),
      withRule({ force: true, filters: [null] }),
      withRule({ force: true, filters: [{ seed: "s", ranges: 5 }] }),
      withRule({ variations: [true, false], ranges: [null] }),
      withRule({ force: true, tracks: 5 }),
    ],
    payloadOf: (flags) => ({ features: Object.fromEntries(flags) }),
  },
  amplitude: {
    dialect: amplitude(),
    good: withSegment({ variant: "on" }),
    malformed: [
      null,
      "text",
      5,
      [],
      { noKey: true },
      {},
      { variants: null, segments: [] },
      { variants: 5, segments: [] },
      { variants: {}, segments: 5 },
      { variants: {}, segments: null },
      { variants: {}, segments: [], dependencies: 5 },
      withSegment(null),
      withSegment("text"),
      withSegment({ conditions: 5, variant: "on" }),
      withSegment({ conditions: [5], variant: "on" }),
      withSegment({ bucket: "text", variant: "on" }),
      withTest(null),
      withTest({ selector: 5, op: "is", values: ["gold"] }),
      withTest({ selector: ["context", "user"], op: "is", values: 5 }),
      withTest({ selector: ["context", "user"], op: "sounds like", values: ["gold"] }),
    ],
    payloadOf: (flags) => flags.map(([key, flag]) => keyed(key, flag)),
  },
  posthog: {
    dialect: posthog(),
    good: withGroups([{}]),
    malformed: [
      null,
      "text",
      5,
      [],
      { noKey: true },
      withGroups(5),
      withGroups("text"),
      withGroups({ 0: {} }),
      withGroups([null]),
      withGroups(["text"]),
      withGroups([{ properties: 5 }]),
      withGroups([{ properties: "text" }]),
      withFilter(null),
      withFilter("text"),
      withFilter({ key: "plan", type: "person", operator: "sounds_like", value: "gold" }),
      withFilter({ key: "plan", type: "behaviour", operator: "exact", value: "gold" }),
      withFilter({ key: "plan", type: "person", operator: 5, value: "gold" }),
      { active: true, filters: { groups: [{}], multivariate: { variants: { a: 1 } } } },
      { active: true, filters: { groups: [{}], multivariate: { variants: [null] } } },
      { active: true, filters: { rules: [{ steps: [] }], version: 2 } },
    ],
    payloadOf: (flags) => ({
      flags: flags.map(([key, flag]) => keyed(key, flag)),
    }),
  },
};

function ufcOf(flags: readonly (readonly [key: string, flag: unknown])[], more: object): object {
  const all = flags.map(([key, flag]) => {
    return [key, isObject(flag) ? { key, ...flag, ...more } : flag] as const;
  });
  return {
    ...{ createdAt: "2026-01-01T00:00:00.000Z", format: "SERVER" },
    ...{ environment: { name: "production" }, flags: Object.fromEntries(all) },
  };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isElement(path: string, index: number): boolean {
  return path.startsWith(`$[${index}]`) || path.startsWith(`$.flags[${index}]`);
}

function keyed(key: string, flag: unknown): unknown {
  return isObject(flag) && !("noKey" in flag) ? { key, ...flag } : flag;
}

describe("twenty malformed flags", () => {
  it.each(Object.entries(CASES))(
    "are issues that end %s's inspect with 1, and affect no other flag",
    async (name, { dialect, good, malformed, payloadOf }) => {
      const flags = malformed.map((flag, i) => [`malformed-${i}`, flag] as const);
      const text = JSON.stringify(payloadOf([...flags, ["good", good]]));
      const path = tempFile(`malformed-${name}.json`, text);
      const { exitCode, stderr, stdout } = await run([
        "inspect",
        "--config",
        path,
        "--dialect",
        name,
        "--json",
      ]);
      expect(stderr).toBe("");
      const { issues } = JSON.parse(stdout) as {
        issues: { path: string; flagKey: string | null }[];
      };
      expect(malformed.length).toBe(20);
      // An element of a list that has no key is named by its position.
      const missing = malformed.filter(
        (_, i) => !issues.some((it) => it.flagKey === `malformed-${i}` || isElement(it.path, i)),
      );
      expect({ exitCode, missing, good: issues.filter((it) => it.flagKey === "good") }).toEqual({
        exitCode: 1,
        missing: [],
        good: [],
      });
      const bytes = new TextEncoder().encode(text);
      const client = createClient({
        dialect,
        initialConfiguration: Configuration.from({ dialect, payloads: { flags: bytes } }),
      });
      expect(client.getBooleanAssignment("good", "alice", {}, false)).toBe(true);
    },
  );
});
