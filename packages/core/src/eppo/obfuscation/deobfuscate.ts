import {
  expectArray,
  expectObject,
  expectString,
  type JsonObject,
  unexpected,
} from "../../conditions/decode.js";
import { DecodeError } from "../../errors/errors.js";
import { decodeBase64 } from "./base64.js";

/**
 * Decodes a flag of an obfuscated body: keys of variations and allocations, values, dates, salts and extra
 * logging are Base64. Conditions stay hashed.
 *
 * Quirk: the vendor decodes a flag as a whole, so that anything undecodable in it fails every evaluation
 * of the flag, with empty details (eppo, obfuscated only).
 *
 * @throws DecodeError
 */
export function deobfuscateFlag(value: unknown, path: string): JsonObject {
  const flag = expectObject(value, path);
  const { variations } = flag;
  // Quirk: the vendor takes the members of any value, and finds none in a number (eppo).
  if (variations === null || variations === undefined) {
    throw unexpected(`${path}.variations`, "an object", variations);
  }
  return {
    ...flag,
    variations: Object.fromEntries(
      Object.entries(variations).map(([mapKey, variation]) => {
        const at = `${path}.variations[${JSON.stringify(mapKey)}]`;
        const wire = expectObject(variation, at);
        const key = decode(wire["key"], `${at}.key`);
        const text = decode(wire["value"], `${at}.value`);
        return [key, { key, value: typed(text, flag["variationType"]) }];
      }),
    ),
    allocations: expectArray(flag["allocations"], `${path}.allocations`).map((allocation, i) =>
      deobfuscateAllocation(allocation, `${path}.allocations[${i}]`),
    ),
  };
}

function deobfuscateAllocation(value: unknown, path: string): JsonObject {
  const allocation = expectObject(value, path);
  return {
    ...allocation,
    key: decode(allocation["key"], `${path}.key`),
    splits: expectArray(allocation["splits"], `${path}.splits`).map((split, i) =>
      deobfuscateSplit(split, `${path}.splits[${i}]`),
    ),
    startAt: decodeDate(allocation["startAt"], `${path}.startAt`),
    endAt: decodeDate(allocation["endAt"], `${path}.endAt`),
  };
}

function deobfuscateSplit(value: unknown, path: string): JsonObject {
  const split = expectObject(value, path);
  return {
    variationKey: decode(split["variationKey"], `${path}.variationKey`),
    shards: expectArray(split["shards"], `${path}.shards`).map((shard, i) => {
      const wire = expectObject(shard, `${path}.shards[${i}]`);
      return { ...wire, salt: decode(wire["salt"], `${path}.shards[${i}].salt`) };
    }),
    extraLogging: split["extraLogging"]
      ? Object.fromEntries(
          Object.entries(split["extraLogging"]).map(([name, text]) => [
            decode(name, `${path}.extraLogging`),
            decode(text, `${path}.extraLogging`),
          ]),
        )
      : undefined,
  };
}

function typed(text: string, variationType: unknown): unknown {
  if (variationType === "INTEGER" || variationType === "NUMERIC") return Number(text);
  if (variationType === "BOOLEAN") return text === "true";
  return text;
}

function decodeDate(value: unknown, path: string): string | undefined {
  if (!value) return undefined;
  const date = new Date(decode(value, path));
  if (Number.isNaN(date.getTime())) throw new DecodeError(path, "expected a date");
  return date.toISOString();
}

function decode(value: unknown, path: string): string {
  const encoded = expectString(value, path);
  try {
    return decodeBase64(encoded);
  } catch (cause) {
    throw new DecodeError(path, "expected Base64", { cause });
  }
}
