import type { DialectCall, DialectHarness } from "@sortition/dialect-kit/dialect-contract";
import { datadog } from "../../src/dialect.js";
import { datadogExplainer } from "../../src/explain.js";

const ALL = [{ variationKey: "on", shards: [] }];

function flag(variationType: string, value: unknown, allocations?: readonly object[]): object {
  return {
    enabled: true,
    variationType,
    variations: { on: { key: "on", value } },
    allocations: allocations ?? [{ key: "all", splits: ALL, doLog: true }],
  };
}

function when(plan: string, splits: readonly object[] = ALL): object {
  const condition = { attribute: "plan", operator: "ONE_OF", value: [plan] };
  return { key: plan, rules: [{ conditions: [condition] }], splits, doLog: true };
}

function half(variationKey: string, start: number, share: number): object {
  const ranges = [{ start, end: start + 5_000 * share }];
  return { variationKey, shards: [{ salt: "half", totalShards: 10_000, ranges }] };
}

function split(share = 1): object {
  const splits = [half("on", 0, share), half("off", 5_000, share)];
  return {
    ...flag("STRING", "ultramarine", [{ key: "half", splits, doLog: true, startAt: "2020-01-01" }]),
    variations: { on: { key: "on", value: "ultramarine" }, off: { key: "off", value: "ochre" } },
  };
}

function configuration(colour = "gold"): object {
  return withFlags({
    colour: flag("STRING", "ultramarine", [when(colour)]),
    enabled: flag("BOOLEAN", true),
    limit: flag("INTEGER", 3),
    ratio: flag("NUMERIC", 0.5),
    layout: flag("JSON", { columns: ["wide"] }),
    split: split(),
    off: { ...flag("BOOLEAN", true), enabled: false },
  });
}

function withFlags(flags: Readonly<Record<string, object>>): object {
  return {
    createdAt: "2026-01-01T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "production" },
    flags: Object.fromEntries(Object.entries(flags).map(([key, it]) => [key, { key, ...it }])),
  };
}

const ALICE = { subjectKey: "alice", attributes: { plan: "gold" } };
const BOB = { subjectKey: "bob", attributes: { plan: "silver" } };

const CALLS: readonly DialectCall[] = [
  { ...ALICE, flagKey: "colour", type: "string", value: "ultramarine" },
  { ...BOB, flagKey: "colour", type: "string" },
  { ...ALICE, flagKey: "colour", type: "boolean", reason: "SORTITION_TYPE_MISMATCH" },
  { ...ALICE, flagKey: "enabled", type: "boolean", value: true },
  { ...ALICE, flagKey: "limit", type: "integer", value: 3 },
  { ...ALICE, flagKey: "ratio", type: "numeric", value: 0.5 },
  { ...ALICE, flagKey: "layout", type: "json", value: { columns: ["wide"] } },
  { ...ALICE, flagKey: "split", type: "string", value: "ochre" },
  { ...BOB, flagKey: "split", type: "string", value: "ultramarine" },
  // A disabled flag is off before its type is checked.
  { ...ALICE, flagKey: "off", type: "string", reason: "disabled" },
  { ...ALICE, flagKey: "missing", type: "boolean" },
];

/** Flags of all types, with a rule, a split and a disabled flag. */
export const HARNESS: DialectHarness = {
  name: "datadog",
  createDialect: (options) => datadog(options),
  documents: { flags: configuration() },
  calls: CALLS,
  exposures: {
    call: { ...ALICE, flagKey: "colour", type: "string" },
    events: ["colour-gold on"],
  },
  independentFlag: { key: "enabled", part: "flags", path: ["flags", "enabled"] },
  changedFlag: { key: "colour", documents: { flags: configuration("silver") } },
  halves: { flags: withFlags({ half: split() }) },
  experiments: { flags: withFlags({ fifth: split(0.2), most: split(0.8) }) },
  explainer: datadogExplainer,
};
