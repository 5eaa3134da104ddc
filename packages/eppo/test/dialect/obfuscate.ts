import { createHash } from "node:crypto";

type Wire = Record<string, unknown>;

const COMPARISONS: readonly unknown[] = ["MATCHES", "NOT_MATCHES", "GTE", "GT", "LTE", "LT"];

/**
 * Returns MD5 in hex, which is the form of keys, attribute names and operators in obfuscated
 * bodies.
 */
export function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

/** Obfuscates a flag as the server does for browsers. Edge cases are kept. */
export function obfuscateFlag(flag: Wire): Wire {
  const variations = Object.values(flag["variations"] as Wire) as Wire[]; // generated flags are complete
  return {
    ...flag,
    key: md5(String(flag["key"])),
    variations: Object.fromEntries(
      variations.map(({ key, value }) => [
        encode(key),
        // A value of a wrong type is kept, and cannot be decoded.
        { key: encode(key), value: encode(value) },
      ]),
    ),
    allocations: (flag["allocations"] as Wire[]).map((allocation) => ({
      ...allocation,
      key: encode(allocation["key"]),
      ...(allocation["startAt"] === undefined ? {} : { startAt: encode(allocation["startAt"]) }),
      ...(allocation["endAt"] === undefined ? {} : { endAt: encode(allocation["endAt"]) }),
      ...(Array.isArray(allocation["rules"])
        ? { rules: allocation["rules"].map(obfuscateRule) }
        : {}),
      splits: (allocation["splits"] as Wire[]).map(obfuscateSplit),
    })),
  };
}

function obfuscateRule(rule: { readonly conditions: readonly Wire[] }): unknown {
  return {
    conditions: rule.conditions.map(({ attribute, operator, ...rest }) => ({
      attribute: md5(String(attribute)),
      ...(operator === undefined
        ? {}
        : { operator: typeof operator === "string" ? md5(operator) : operator }),
      ...("value" in rest ? { value: obfuscateConditionValue(operator, rest["value"]) } : {}),
    })),
  };
}

function obfuscateConditionValue(operator: unknown, value: unknown): unknown {
  if (COMPARISONS.includes(operator)) return encode(value);
  if (operator === "IS_NULL") return typeof value === "boolean" ? md5(String(value)) : value;
  if (!Array.isArray(value)) return value;
  return value.map((element) => (typeof element === "string" ? md5(element) : element));
}

function obfuscateSplit(split: Wire): unknown {
  const { extraLogging } = split;
  return {
    ...split,
    variationKey: encode(split["variationKey"]),
    ...(extraLogging === undefined ? {} : { extraLogging: encodeMembers(extraLogging) }),
    shards: (split["shards"] as Wire[]).map((shard) => ({ ...shard, salt: encode(shard["salt"]) })),
  };
}

function encodeMembers(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [encode(name), encode(text)]),
  );
}

/**
 * Encodes a string, number or boolean in Base64. Any other value is kept, and cannot be decoded.
 */
function encode(value: unknown): unknown {
  if (typeof value === "object" && value !== null) return value;
  if (value === null || value === "") return value;
  return Buffer.from(textOf(String(value))).toString("base64");
}

/** Raw numbers are strings in Base64. */
function textOf(text: string): string {
  return text.startsWith("@raw:") ? text.slice("@raw:".length) : text;
}
