import {
  attempt,
  attemptEach,
  type Decoded,
  expectArray,
  expectObject,
  isJsonObject,
  type JsonObject,
  member,
  type Report,
  unexpected,
  unknownWord,
} from "../conditions/decode.js";
import { DecodeError } from "../errors/errors.js";
import type { FlagsDocument } from "../payload/raw-flags.js";
import { OPERATOR_BY_HASH } from "./condition/rule.js";
import { convertToDate, convertToNumber, convertToString } from "./conversion.js";
import type {
  AllocationWire,
  BoundsWire,
  ConditionWire,
  FlagsBody,
  FlagWire,
  RuleWire,
  ShardWire,
  SplitWire,
  VariationWire,
} from "./wire.js";

/** Formats whose names and values are hashed or encoded. */
const OBFUSCATED_FORMATS: readonly string[] = ["CLIENT", "PRECOMPUTED"];

/** Shared by all splits without extra logging. */
const NO_EXTRA_LOGGING: Readonly<Record<string, string>> = /* @__PURE__ */ Object.freeze({});

/** The operators of a plain configuration. A condition with any other operator is false. */
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

/** @throws DecodeError if the whole body is unusable. */
export function decodeFlagsBody({ root: body, flags }: FlagsDocument): FlagsBody {
  const root = expectObject(body, "$");
  if (flags === null) throw unexpected("$.flags", "an object", root["flags"]);
  const environment = isJsonObject(root["environment"]) ? root["environment"]["name"] : undefined;
  return {
    createdAt: typeof root["createdAt"] === "string" ? root["createdAt"] : "",
    format: typeof root["format"] === "string" ? root["format"] : "",
    environment: typeof environment === "string" ? environment : null,
    flags,
    root,
  };
}

/** Whether names and values in the body are hashed or encoded. */
export function isObfuscated(body: FlagsBody): boolean {
  return OBFUSCATED_FORMATS.includes(body.format);
}

/**
 * Decodes a plain flag. Malformed parts are reported and kept in place as errors.
 *
 * @param mapKey - the flag's key in the map.
 * @throws DecodeError if the list of allocations cannot be read.
 */
export function decodeFlag(value: unknown, mapKey: string, path: string, report: Report): FlagWire {
  const flag = expectObject(value, path);
  return {
    key: sameOr(mapKey, text(flag["key"], `${path}.key`, report)),
    isEnabled: Boolean(flag["enabled"]),
    variationType: flag["variationType"],
    variations: attempt(
      () => decodeVariations(flag["variations"], `${path}.variations`, report),
      report,
    ),
    allocations: expectArray(flag["allocations"], `${path}.allocations`).map((allocation, i) =>
      decodeAllocation(allocation, `${path}.allocations[${i}]`, report),
    ),
    totalShards: reported(
      convertToNumber(flag["totalShards"] ?? Number.NaN, `${path}.totalShards`),
      report,
    ),
    entityId: flag["entityId"] ?? null,
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
      const wire = expectMembers(variation, at, report);
      return { key: sameOr(key, text(wire["key"], `${at}.key`, report)), value: wire["value"] };
    };
    variations.set(key, attempt(decode, report));
  }
  return variations;
}

function decodeAllocation(value: unknown, path: string, report: Report): AllocationWire {
  const allocation = expectMembers(value, path, report);
  return {
    key: text(allocation["key"], `${path}.key`, report) ?? "",
    startAtMs: dateAt(allocation["startAt"], `${path}.startAt`, report),
    endAtMs: dateAt(allocation["endAt"], `${path}.endAt`, report),
    rules: attemptEach(
      listOfRules(allocation["rules"], `${path}.rules`, report),
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
    doLog: allocation["doLog"],
  };
}

/** Returns epoch ms. Quirk: an invalid date is `NaN`, and limits nothing (eppo). */
function dateAt(value: unknown, path: string, report: Report): Decoded<number> {
  const date = reported(convertToDate(value, path), report);
  if (value && Number.isNaN(date)) report(unexpected(path, "a date", value));
  return date;
}

/**
 * Quirk: the vendor first reads the `length` of any value. If it is missing or falsy, there are no rules, and every
 * subject passes (eppo).
 */
function listOfRules(value: unknown, path: string, report: Report): unknown {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value) || (value as { readonly length?: unknown }).length) return value;
  report(unexpected(path, "an array", value));
  return [];
}

function decodeRule(value: unknown, path: string, report: Report): RuleWire {
  const wire = expectMembers(value, path, report);
  return {
    wire,
    conditions: attemptEach(
      wire["conditions"],
      `${path}.conditions`,
      (condition, at) => decodeCondition(condition, at, report),
      report,
    ),
  };
}

function decodeCondition(value: unknown, path: string, report: Report): ConditionWire {
  const condition = expectMembers(value, path, report);
  const attribute = convertToString(condition["attribute"], `${path}.attribute`);
  // The vendor converts the attribute before it reads the operator.
  if (attribute instanceof DecodeError) throw attribute;
  const { operator } = condition;
  if (!isOperator(operator)) {
    const effect = "which never matches";
    report(unknownWord(`${path}.operator`, "operator", operator, effect), "unknown-operator");
  }
  return {
    attribute,
    operator,
    value: condition["value"],
  };
}

function isOperator(operator: unknown): boolean {
  return OPERATORS.some((it) => it === operator) || OPERATOR_BY_HASH.has(operator);
}

function decodeSplit(value: unknown, path: string, report: Report): SplitWire {
  const split = expectMembers(value, path, report);
  return {
    shards: attemptEach(
      split["shards"],
      `${path}.shards`,
      (shard, at) => decodeShard(shard, at, report),
      report,
    ),
    variationKey: reported(convertToString(split["variationKey"], `${path}.variationKey`), report),
    extraLogging: decodeExtraLogging(split["extraLogging"]),
  };
}

/** The format's documentation says that values are strings, but they are passed to the logger without conversion. */
function decodeExtraLogging(value: unknown): Readonly<Record<string, string>> {
  return isJsonObject(value) ? (value as Record<string, string>) : NO_EXTRA_LOGGING;
}

function decodeShard(value: unknown, path: string, report: Report): ShardWire {
  const shard = expectMembers(value, path, report);
  const { salt } = shard;
  if (typeof salt !== "string") report(unexpected(`${path}.salt`, "a string", salt));
  return {
    salt: convertToString(salt, `${path}.salt`), // the vendor uses it in a string
    ranges: expectArray(shard["ranges"], `${path}.ranges`).map((range, i) =>
      attempt(() => decodeRange(range, `${path}.ranges[${i}]`, report), report),
    ),
  };
}

function decodeRange(value: unknown, path: string, report: Report): BoundsWire {
  const range = expectMembers(value, path, report);
  return {
    start: bound(range["start"], `${path}.start`, report),
    end: bound(range["end"], `${path}.end`, report),
  };
}

/**
 * Quirk: the vendor reads members of any value, and finds none in a string or a number. It fails only for `null` and
 * `undefined` (eppo).
 *
 * @throws DecodeError if the value is `null` or `undefined`.
 */
function expectMembers(value: unknown, path: string, report: Report): JsonObject {
  if (isJsonObject(value)) return value;
  const problem = unexpected(path, "an object", value);
  if (value === null || value === undefined) throw problem;
  report(problem);
  return {};
}

/** Returns a number. Any other value is reported, and converted as in a comparison. */
function bound(value: unknown, path: string, report: Report): Decoded<number> {
  if (typeof value !== "number") report(unexpected(path, "a number", value));
  return convertToNumber(value, path);
}

function reported<T>(decoded: Decoded<T>, report: Report): Decoded<T> {
  if (decoded instanceof DecodeError) report(decoded);
  return decoded;
}

/**
 * Returns the flag's own key if it differs. Otherwise returns the key of the map, so that only one of two equal strings
 * is kept.
 */
function sameOr(key: string, own: string | null): string {
  return own === null || own === key ? key : own;
}

/** Returns a string. Reports any other value, and returns `null`. */
function text(value: unknown, path: string, report: Report): string | null {
  if (typeof value === "string") return value;
  report(unexpected(path, "a string", value));
  return null;
}
