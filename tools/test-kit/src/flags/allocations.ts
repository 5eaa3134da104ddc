import type { FlagDefinition, FlagType, Json, Outcome, Rule, Test } from "./definition.js";
import { type JsonObject, objectOf, without } from "./json-object.js";
import { partsOf } from "./shards.js";
import type { PayloadParts, Writer } from "./writer.js";

export const TOTAL_SHARDS = 10_000;

const TYPES: Readonly<Record<FlagType, string>> = {
  boolean: "BOOLEAN",
  string: "STRING",
  integer: "INTEGER",
  number: "NUMERIC",
  json: "JSON",
};

/** What differs between Eppo's and Datadog's formats, whose flags have allocations. */
export interface AllocationFormat {
  readonly format: string;
  /** Members of each flag. */
  readonly ofFlag: JsonObject;
  /** Members of each shard. */
  readonly ofShard: JsonObject;
  /** @throws FormatError if the vendor rejects this kind of value. */
  valueOf(type: FlagType, value: Json): Json;
  /** Returns the operator of a comparison. */
  operatorOf(kind: string, value: Json): string;
}

/** Writes flags with allocations. */
export function allocationWriter(format: AllocationFormat): Pick<Writer, "typeOf" | "withFlag"> {
  return {
    typeOf(parts, key) {
      const type = objectOf(flagsOf(parts)[key])["variationType"];
      return (Object.keys(TYPES) as FlagType[]).find((name) => TYPES[name] === type) ?? null;
    },
    withFlag(parts, flag) {
      const flags = flagsOf(parts);
      const { key, state } = flag;
      const changed =
        state === "missing" ? without(flags, key) : { ...flags, [key]: flagWire(flag, format) };
      return { ...parts, flags: { ...objectOf(parts["flags"]), flags: changed } };
    },
  };
}

/** Returns the flags of a payload by key. */
function flagsOf(parts: PayloadParts): JsonObject {
  return objectOf(objectOf(parts["flags"])["flags"]);
}

function flagWire(flag: FlagDefinition, format: AllocationFormat): Json {
  const { key, otherwise, rules, state, type, variations } = flag;
  const allocation = (name: string, outcome: Outcome, rule: Rule | null): Json => {
    const conditions = rule === null ? [] : conditionsOf(rule, format);
    return {
      key: name,
      doLog: outcome.kind === "split" && outcome.isExperiment,
      ...(conditions.length === 0 ? {} : { rules: [{ conditions }] }),
      splits: splitsOf(outcome, `${key}-${name}`, format),
    };
  };
  return {
    key,
    enabled: state !== "disabled",
    variationType: TYPES[type],
    ...format.ofFlag,
    variations: Object.fromEntries(
      [...variations].map(([name, value]) => [
        name,
        { key: name, value: format.valueOf(type, value) },
      ]),
    ),
    allocations:
      state === "malformed"
        ? "malformed"
        : [
            ...rules.map((rule, i) => allocation(rule.name ?? `rule-${i + 1}`, rule.outcome, rule)),
            ...(otherwise === null ? [] : [allocation("otherwise", otherwise, null)]),
          ],
  };
}

function splitsOf(outcome: Outcome, own: string, { format, ofShard }: AllocationFormat): Json {
  if (outcome.kind === "give") return [{ variationKey: outcome.variation, shards: [] }];
  const { salt = own, traffic } = outcome;
  const shard = (salt: string, start: number, end: number): Json => {
    return { salt, ...ofShard, ranges: [{ start, end }] };
  };
  const isOneHash = traffic === undefined;
  const first = isOneHash ? [] : [shard(`${salt}-traffic`, 0, (traffic * TOTAL_SHARDS) / 100)];
  return partsOf(outcome, TOTAL_SHARDS, format).map(({ end, start, variation }) => ({
    variationKey: variation,
    shards: [...first, shard(isOneHash ? salt : `${salt}-split`, start, end)],
  }));
}

function conditionsOf({ conditions, subjects }: Rule, format: AllocationFormat): readonly Json[] {
  const ofAttributes = conditions.map(({ attribute, test }) => ({
    attribute,
    ...testWire(test, format),
  }));
  // Both vendors' SDKs set the attribute `id` of each subject to its key.
  return subjects === null
    ? ofAttributes
    : [...ofAttributes, { attribute: "id", operator: "ONE_OF", value: subjects }];
}

function testWire(test: Test, { operatorOf }: AllocationFormat): JsonObject {
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
    default:
      return { operator: operatorOf(test.kind, test.value), value: test.value };
  }
}
