import { expectObject, type JsonObject, unexpected } from "../../conditions/decode.js";
import { DecodeError } from "../../errors/errors.js";
import { decodeEach, decodeMember } from "../decode-member.js";
import { valueOfText, valueTypeOf } from "../value.js";
import { expectBase64 } from "./base64.js";

// Keys of variations and allocations, values, dates, salts and extra logging are encoded in Base64. Quirk: the vendor
// decodes a flag as a whole, so anything in it that cannot be decoded fails every evaluation of the flag, with empty
// details (eppo, obfuscated only).
/**
 * Decodes an obfuscated flag. Its conditions stay hashed.
 *
 * @throws DecodeError
 */
export function deobfuscateFlag(value: unknown, path: string): JsonObject {
  const flag = expectObject(value, path);
  const { variations } = flag;
  const type = valueTypeOf(flag["variationType"]);
  // Quirk: the vendor reads the members of any value, and finds none in a number (eppo).
  if (variations === null || variations === undefined) {
    throw unexpected(`${path}.variations`, "an object", variations);
  }
  return {
    ...flag,
    variations: Object.fromEntries(
      Object.entries(variations).map(([mapKey, variation]) => {
        const at = `${path}.variations[${JSON.stringify(mapKey)}]`;
        const wire = expectObject(variation, at);
        const key = decodeMember(wire, at, "key", expectBase64);
        const text = decodeMember(wire, at, "value", expectBase64);
        return [key, { key, value: valueOfText(text, type) }];
      }),
    ),
    allocations: decodeMember(flag, path, "allocations", (allocations, at) =>
      decodeEach(allocations, at, deobfuscateAllocation),
    ),
  };
}

function deobfuscateAllocation(value: unknown, path: string): JsonObject {
  const allocation = expectObject(value, path);
  return {
    ...allocation,
    key: decodeMember(allocation, path, "key", expectBase64),
    splits: decodeMember(allocation, path, "splits", (splits, at) =>
      decodeEach(splits, at, deobfuscateSplit),
    ),
    startAt: decodeMember(allocation, path, "startAt", decodeDate),
    endAt: decodeMember(allocation, path, "endAt", decodeDate),
  };
}

function deobfuscateSplit(value: unknown, path: string): JsonObject {
  const split = expectObject(value, path);
  return {
    variationKey: decodeMember(split, path, "variationKey", expectBase64),
    shards: decodeMember(split, path, "shards", (shards, at) =>
      decodeEach(shards, at, deobfuscateShard),
    ),
    extraLogging: decodeMember(split, path, "extraLogging", decodeExtraLogging),
  };
}

function deobfuscateShard(value: unknown, path: string): JsonObject {
  const shard = expectObject(value, path);
  return { ...shard, salt: decodeMember(shard, path, "salt", expectBase64) };
}

function decodeExtraLogging(value: unknown, path: string): object | undefined {
  if (!value) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [
      expectBase64(name, path),
      expectBase64(text, path),
    ]),
  );
}

function decodeDate(value: unknown, path: string): string | undefined {
  if (!value) return undefined;
  const date = new Date(expectBase64(value, path));
  if (Number.isNaN(date.getTime())) throw new DecodeError(path, "expected a date");
  return date.toISOString();
}
