import {
  attempt,
  attemptEach,
  expectArray,
  expectNumber,
  expectObject,
  expectString,
  isJsonObject,
  type JsonObject,
  member,
  type Report,
  unexpected,
} from "../conditions/decode.js";
import type { DecodeError } from "../errors/errors.js";
import type {
  AllocationWire,
  ConditionWire,
  FlagsBody,
  FlagWire,
  RangeWire,
  RuleWire,
  ShardWire,
  SplitWire,
  VariationWire,
} from "./wire.js";

/** Formats in which everything but the structure is hashed or encoded. */
const OBFUSCATED_FORMATS: readonly string[] = ["CLIENT", "PRECOMPUTED"];

/** Operators of a plain configuration. A condition with any other operator is false. */
export const OPERATORS = [
  "MATCHES",
  "NOT_MATCHES",
  "GTE",
  "GT",
  "LTE",
  "LT",
  "ONE_OF",
  "NOT_ONE_OF",
  "IS_NULL",
] as const;

/** @throws DecodeError if the body as a whole is unusable. */
export function decodeFlagsBody(body: unknown): FlagsBody {
  const root = expectObject(body, "$");
  const flags = expectObject(root["flags"], "$.flags");
  const environment = isJsonObject(root["environment"]) ? root["environment"]["name"] : undefined;
  return {
    createdAt: typeof root["createdAt"] === "string" ? root["createdAt"] : "",
    format: typeof root["format"] === "string" ? root["format"] : "",
    environment: typeof environment === "string" ? environment : null,
    flags,
    root,
  };
}

/** Whether names and values of a body are hashed or encoded. */
export function isObfuscated(body: FlagsBody): boolean {
  return OBFUSCATED_FORMATS.includes(body.format);
}

/**
 * Decodes a plain flag. What is malformed inside is reported and kept in place.
 *
 * @param mapKey - the key it was found by.
 * @throws DecodeError if not even the list of allocations can be told.
 */
export function decodeFlag(value: unknown, mapKey: string, path: string, report: Report): FlagWire {
  const flag = expectObject(value, path);
  const entityId = flag["entityId"];
  return {
    key: text(flag["key"], `${path}.key`, report) ?? mapKey,
    isEnabled: Boolean(flag["enabled"]),
    variationType: flag["variationType"],
    variations: attempt(
      () => decodeVariations(flag["variations"], `${path}.variations`, report),
      report,
    ),
    allocations: expectArray(flag["allocations"], `${path}.allocations`).map((allocation, i) =>
      decodeAllocation(allocation, `${path}.allocations[${i}]`, report),
    ),
    totalShards: Number(flag["totalShards"] ?? Number.NaN),
    entityId: typeof entityId === "number" ? entityId : null,
  };
}

function decodeVariations(
  value: unknown,
  path: string,
  report: Report,
): ReadonlyMap<string, VariationWire | DecodeError> {
  const variations = new Map<string, VariationWire | DecodeError>();
  for (const [key, variation] of Object.entries(expectObject(value, path))) {
    const at = member(path, key);
    const decode = (): VariationWire => {
      const wire = expectObject(variation, at);
      return { key: text(wire["key"], `${at}.key`, report) ?? key, value: wire["value"] };
    };
    variations.set(key, attempt(decode, report));
  }
  return variations;
}

function decodeAllocation(value: unknown, path: string, report: Report): AllocationWire {
  const allocation = expectObject(value, path);
  return {
    key: text(allocation["key"], `${path}.key`, report) ?? "",
    startAt: allocation["startAt"],
    endAt: allocation["endAt"],
    rules: attemptEach(
      allocation["rules"] ?? [],
      `${path}.rules`,
      (rule, at) => decodeRule(rule, at, report),
      report,
    ),
    splits: attemptEach(
      allocation["splits"],
      `${path}.splits`,
      (split, at) => decodeSplit(split, at, report),
      report,
    ),
    doLog: Boolean(allocation["doLog"]),
  };
}

function decodeRule(value: unknown, path: string, report: Report): RuleWire {
  const wire = expectObject(value, path);
  return {
    wire,
    conditions: attemptEach(wire["conditions"], `${path}.conditions`, decodeCondition, report),
  };
}

function decodeCondition(value: unknown, path: string): ConditionWire {
  const condition: JsonObject = expectObject(value, path);
  return {
    attribute: String(condition["attribute"]),
    operator: condition["operator"],
    value: condition["value"],
  };
}

function decodeSplit(value: unknown, path: string, report: Report): SplitWire {
  const split = expectObject(value, path);
  const extraLogging = split["extraLogging"];
  return {
    shards: attemptEach(split["shards"], `${path}.shards`, decodeShard, report),
    variationKey: String(split["variationKey"]),
    // Values are texts by the format's documentation; they are passed on to the logger as they are.
    extraLogging: isJsonObject(extraLogging) ? (extraLogging as Record<string, string>) : {},
  };
}

function decodeShard(value: unknown, path: string): ShardWire {
  const shard = expectObject(value, path);
  return {
    salt: expectString(shard["salt"], `${path}.salt`),
    ranges: expectArray(shard["ranges"], `${path}.ranges`).map((range, i) =>
      decodeRange(range, `${path}.ranges[${i}]`),
    ),
  };
}

function decodeRange(value: unknown, path: string): RangeWire {
  const range = expectObject(value, path);
  return {
    start: expectNumber(range["start"], `${path}.start`),
    end: expectNumber(range["end"], `${path}.end`),
  };
}

/** A text, or `null` if it is none, which is reported. */
function text(value: unknown, path: string, report: Report): string | null {
  if (typeof value === "string") return value;
  report(unexpected(path, "a string", value));
  return null;
}
