import {
  DecodeError,
  decodeError,
  expectArray,
  expectObject,
  expectString,
  type How,
  type JsonObject,
  member,
  type Report,
  unexpected,
} from "@sortition/core/dialect";
import type {
  AllocationWire,
  FlagWire,
  RuleWire,
  ShardWire,
  SplitFacts,
  SplitWire,
  VariationWire,
} from "@sortition/core/eppo";
import { decodeCondition } from "./decode-condition.js";

type RangeWire = { readonly start: number; readonly end: number };

const MAX_TOTAL_SHARDS = 0xffff_ffff;
/** Only used as a unit, because each shard defines its own `totalShards`. */
const USUAL_TOTAL_SHARDS = 10_000;
const NO_EXTRA_LOGGING = /* @__PURE__ */ Object.freeze({});

const VALUE_CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
  BOOLEAN: (value) => typeof value === "boolean",
  INTEGER: Number.isSafeInteger,
  NUMERIC: Number.isFinite,
  STRING: (value) => typeof value === "string",
  JSON: (value) => typeof value === "object" && value !== null,
};

/**
 * Decodes a flag. Like the vendor, we validate a flag as a whole: one malformed part makes it fail for every subject.
 *
 * @param mapKey - the flag's key in the configuration's map of flags.
 * @throws DecodeError if the flag is malformed.
 */
export function decodeFlag(value: unknown, mapKey: string, path: string, report: Report): FlagWire {
  const flag = expectObject(value, path);
  expectString(flag["key"], `${path}.key`);
  const isEnabled = expectBoolean(flag["enabled"], `${path}.enabled`);
  const { variationType } = flag;
  const variations = decodeVariations(flag["variations"], variationType, path);
  const allocations = expectArray(flag["allocations"], `${path}.allocations`).map((it, i) =>
    decodeAllocation(it, `${path}.allocations[${i}]`, variations, report),
  );
  return {
    key: mapKey,
    isEnabled,
    variationType,
    variations,
    allocations,
    totalShards: USUAL_TOTAL_SHARDS,
    entityId: null,
  };
}

function decodeVariations(
  value: unknown,
  type: unknown,
  path: string,
): ReadonlyMap<string, VariationWire> {
  const isValid =
    typeof type === "string" && Object.hasOwn(VALUE_CHECKS, type) ? VALUE_CHECKS[type] : undefined;
  if (isValid === undefined) {
    throw unexpected(`${path}.variationType`, Object.keys(VALUE_CHECKS).join(", "), type);
  }
  const variations = new Map<string, VariationWire>();
  for (const [key, variation] of Object.entries(expectObject(value, `${path}.variations`))) {
    const at = member(`${path}.variations`, key);
    const wire = expectObject(variation, at);
    if (wire["key"] !== key) throw new DecodeError(`${at}.key`, "expected the key of its member");
    if (!isValid(wire["value"])) {
      throw unexpected(`${at}.value`, `a value of type ${type}`, wire["value"]);
    }
    // JSON is kept as a string, so that each caller gets a separate object.
    const value = type === "JSON" ? JSON.stringify(wire["value"]) : wire["value"];
    variations.set(key, { key, value });
  }
  return variations;
}

function decodeAllocation(
  value: unknown,
  path: string,
  variations: ReadonlyMap<string, VariationWire>,
  report: Report,
): AllocationWire {
  const allocation = expectObject(value, path);
  const { doLog, endAt, key, rules, startAt } = allocation;
  const splits = expectArray(allocation["splits"], `${path}.splits`).map((it, i) =>
    decodeSplit(it, `${path}.splits[${i}]`, variations, allocation),
  );
  return {
    // The vendor does not validate the key. Without one, no exposure is logged.
    key: typeof key === "string" ? key : "",
    startAtMs: epochMsOf(startAt, `${path}.startAt`, report),
    endAtMs: epochMsOf(endAt, `${path}.endAt`, report),
    isEndExclusive: true,
    rules:
      rules === undefined
        ? []
        : expectArray(rules, `${path}.rules`).map((it, i) => decodeRule(it, `${path}.rules[${i}]`)),
    splits,
    doLog,
  };
}

function decodeRule(value: unknown, path: string): RuleWire {
  const wire = expectObject(value, path);
  const conditions = expectArray(wire["conditions"], `${path}.conditions`).map((it, i) =>
    decodeCondition(it, `${path}.conditions[${i}]`),
  );
  return { wire, conditions };
}

function decodeSplit(
  value: unknown,
  path: string,
  variations: ReadonlyMap<string, VariationWire>,
  allocation: JsonObject,
): SplitWire {
  const split = expectObject(value, path);
  const variationKey = expectString(split["variationKey"], `${path}.variationKey`);
  if (!variations.has(variationKey)) {
    throw new DecodeError(`${path}.variationKey`, "the flag has no such variation");
  }
  const shards = expectArray(split["shards"], `${path}.shards`).map((it, i) =>
    decodeShard(it, `${path}.shards[${i}]`),
  );
  const { doLog, key } = allocation;
  const { serialId } = split;
  const facts: SplitFacts = {
    how: howOf(allocation, shards.length > 0),
    isLogged: Boolean(doLog) && typeof key === "string" && key !== "" && variationKey !== "",
    eventFields: { serialId: typeof serialId === "number" ? serialId : null },
  };
  return { shards, variationKey, extraLogging: NO_EXTRA_LOGGING, facts };
}

/** Corresponds to the vendor's reason: `TARGETING_MATCH`, `SPLIT`, `DEFAULT` or `STATIC`. */
function howOf({ endAt, rules, startAt }: JsonObject, hasShards: boolean): How {
  if (Array.isArray(rules) && rules.length > 0) return "rule";
  if (hasShards) return "split";
  return startAt || endAt ? "fallthrough" : "static";
}

function decodeShard(value: unknown, path: string): ShardWire {
  const shard = expectObject(value, path);
  const salt = expectString(shard["salt"], `${path}.salt`);
  const { totalShards: total } = shard;
  const totalShards = expectInteger(total, `${path}.totalShards`, 1, MAX_TOTAL_SHARDS);
  const ranges = expectArray(shard["ranges"], `${path}.ranges`).map((it, i) =>
    decodeRange(it, `${path}.ranges[${i}]`, totalShards),
  );
  return { salt, totalShards, ranges };
}

function decodeRange(value: unknown, path: string, totalShards: number): RangeWire {
  const range = expectObject(value, path);
  const start = expectInteger(range["start"], `${path}.start`, 0, totalShards);
  return { start, end: expectInteger(range["end"], `${path}.end`, start, totalShards) };
}

/** Converts a value with `Date`, like the vendor. NaN for falsy values and invalid dates. */
function epochMsOf(value: unknown, path: string, report: Report): number | DecodeError {
  if (!value) return Number.NaN;
  let date: number | DecodeError;
  try {
    date = new Date(value as string).getTime();
  } catch (cause) {
    date = decodeError(path, "expected a date", { cause }); // an object without a string form
  }
  // Quirk: an invalid date limits nothing (datadog).
  if (typeof date !== "number") report(date);
  else if (Number.isNaN(date)) report(unexpected(path, "a date", value));
  return date;
}

function expectBoolean(value: unknown, path: string): boolean {
  if (typeof value === "boolean") return value;
  throw unexpected(path, "a boolean", value);
}

function expectInteger(value: unknown, path: string, min: number, max: number): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) {
    return value as number;
  }
  throw unexpected(path, `an integer from ${min} to ${max}`, value);
}
