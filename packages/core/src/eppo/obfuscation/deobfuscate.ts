import { expectArray, expectObject, type JsonObject, unexpected } from "../../conditions/decode.js";
import { DecodeError } from "../../errors/errors.js";
import { valueOfText, valueTypeOf } from "../value.js";
import { expectBase64 } from "./base64.js";

// Base64 are keys of variations and allocations, values, dates, salts and extra logging.
// Quirk: the vendor decodes a flag as a whole, so that anything undecodable in it fails every evaluation
// of the flag, with empty details (eppo, obfuscated only).
/** Decodes an obfuscated flag; its conditions stay hashed. @throws DecodeError */
export function deobfuscateFlag(value: unknown, path: string): JsonObject {
  const flag = expectObject(value, path);
  const { variations } = flag;
  const type = valueTypeOf(flag["variationType"]);
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
        const key = expectBase64(wire["key"], `${at}.key`);
        const text = expectBase64(wire["value"], `${at}.value`);
        return [key, { key, value: valueOfText(text, type) }];
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
    key: expectBase64(allocation["key"], `${path}.key`),
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
    variationKey: expectBase64(split["variationKey"], `${path}.variationKey`),
    shards: expectArray(split["shards"], `${path}.shards`).map((shard, i) => {
      const wire = expectObject(shard, `${path}.shards[${i}]`);
      return { ...wire, salt: expectBase64(wire["salt"], `${path}.shards[${i}].salt`) };
    }),
    extraLogging: split["extraLogging"]
      ? Object.fromEntries(
          Object.entries(split["extraLogging"]).map(([name, text]) => [
            expectBase64(name, `${path}.extraLogging`),
            expectBase64(text, `${path}.extraLogging`),
          ]),
        )
      : undefined,
  };
}

function decodeDate(value: unknown, path: string): string | undefined {
  if (!value) return undefined;
  const date = new Date(expectBase64(value, path));
  if (Number.isNaN(date.getTime())) throw new DecodeError(path, "expected a date");
  return date.toISOString();
}
