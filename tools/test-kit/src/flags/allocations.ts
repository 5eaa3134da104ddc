import type { FlagDefinition, FlagType, Json, Outcome, Rule, Test } from "./definition.js";
import { type JsonObject, objectOf } from "./json-object.js";
import { partsOf } from "./shards.js";
import { type Step, stepsOf } from "./steps.js";
import { withMember } from "./with-flag.js";
import type { Writer } from "./writer.js";

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
      const type = objectOf(objectOf(objectOf(parts["flags"])["flags"])[key])["variationType"];
      return (Object.keys(TYPES) as FlagType[]).find((name) => TYPES[name] === type) ?? null;
    },
    withFlag(parts, flag) {
      const written = flag.state === "missing" ? null : flagWire(flag, format);
      return withMember(parts, "flags", flag.key, written);
    },
  };
}

function flagWire(flag: FlagDefinition, format: AllocationFormat): JsonObject {
  const { key, state, type, variations } = flag;
  const allocation = (step: Step): Json => {
    const { name, outcome } = step;
    const conditions = conditionsOf(step, format);
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
    allocations: state === "malformed" ? "malformed" : stepsOf(flag).map(allocation),
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
