import type { Test } from "../flags/conditions.js";
import type { FlagDefinition, FlagType, Json, Outcome, Rule } from "../flags/definition.js";
import { type JsonObject, objectOf, without } from "./json-object.js";
import { partsOf } from "./shards.js";
import { FormatError, type PayloadParts, type Writer } from "./writer.js";

const FORMAT = "Datadog";
const TOTAL_SHARDS = 10_000;

const TYPES: Readonly<Record<FlagType, string>> = {
  boolean: "BOOLEAN",
  string: "STRING",
  integer: "INTEGER",
  number: "NUMERIC",
  json: "JSON",
};

/** Writes Datadog's rules-based server configurations, without an envelope. */
export const datadogWriter: Writer = {
  format: FORMAT,
  empty: {
    flags: {
      createdAt: "2026-01-01T00:00:00.000Z",
      format: "SERVER",
      environment: { name: "Test" },
      flags: {},
    },
  },
  typeOf(parts, key) {
    const type = objectOf(flagsOf(parts)[key])["variationType"];
    return (Object.keys(TYPES) as FlagType[]).find((name) => TYPES[name] === type) ?? null;
  },
  withFlag(parts, flag) {
    const flags = flagsOf(parts);
    const { key, state } = flag;
    return {
      ...parts,
      flags: {
        ...objectOf(parts["flags"]),
        flags: state === "missing" ? without(flags, key) : { ...flags, [key]: flagWire(flag) },
      },
    };
  },
  withBandit() {
    throw new FormatError(`${FORMAT} has no bandits`);
  },
};

function flagsOf(parts: PayloadParts): JsonObject {
  return objectOf(objectOf(parts["flags"])["flags"]);
}

function flagWire({ key, otherwise, rules, state, type, variations }: FlagDefinition): Json {
  return {
    key,
    enabled: state !== "disabled",
    variationType: TYPES[type],
    variations: Object.fromEntries(
      [...variations].map(([name, value]) => [name, { key: name, value: valueWire(type, value) }]),
    ),
    allocations:
      state === "malformed"
        ? "malformed"
        : [
            ...rules.map((rule, i) => allocation(key, `rule-${i + 1}`, rule.outcome, rule)),
            ...(otherwise === null ? [] : [allocation(key, "otherwise", otherwise, null)]),
          ],
  };
}

/** @throws FormatError if the vendor rejects this kind of JSON. */
function valueWire(type: FlagType, value: Json): Json {
  if (type !== "json" || (typeof value === "object" && value !== null)) return value;
  throw new FormatError(`${FORMAT} supports only objects and lists as JSON values`);
}

function allocation(flagKey: string, key: string, outcome: Outcome, rule: Rule | null): Json {
  const conditions = rule === null ? [] : conditionsOf(rule);
  return {
    key,
    doLog: outcome.kind === "split" && outcome.isExperiment,
    ...(conditions.length === 0 ? {} : { rules: [{ conditions }] }),
    splits: splitsOf(outcome, `${flagKey}-${key}`),
  };
}

function splitsOf(outcome: Outcome, salt: string): Json {
  if (outcome.kind === "give") return [{ variationKey: outcome.variation, shards: [] }];
  return partsOf(outcome, TOTAL_SHARDS, FORMAT).map(({ end, start, variation }) => ({
    variationKey: variation,
    shards: [{ salt, totalShards: TOTAL_SHARDS, ranges: [{ start, end }] }],
  }));
}

function conditionsOf({ conditions, subjects }: Rule): readonly Json[] {
  const ofAttributes = conditions.map(({ attribute, test }) => ({ attribute, ...testWire(test) }));
  // Datadog's SDK sets the attribute `id` of each subject to its targeting key.
  return subjects === null
    ? ofAttributes
    : [...ofAttributes, { attribute: "id", operator: "ONE_OF", value: subjects }];
}

function testWire(test: Test): JsonObject {
  switch (test.kind) {
    case "one-of":
      return { operator: "ONE_OF", value: test.values.map(String) };
    case "none-of":
      return { operator: "NOT_ONE_OF", value: test.values.map(String) };
    case "matches":
      return { operator: "MATCHES", value: test.pattern };
    case "does-not-match":
      return { operator: "NOT_MATCHES", value: test.pattern };
    case "present":
    case "absent":
      return { operator: "IS_NULL", value: test.kind === "absent" };
    default: {
      // A string is a version.
      const prefix = typeof test.value === "string" ? "SEMVER_" : "";
      return { operator: `${prefix}${test.kind.toUpperCase()}`, value: test.value };
    }
  }
}
