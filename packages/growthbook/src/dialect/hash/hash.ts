import { fnv1aUint32 } from "@sortition/core/dialect";
import { fnv1aPrefix } from "@sortition/core/dialect-internal";

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** A seed and a hash version, prepared once. */
export interface CompiledHash {
  /** 0 if the version is unknown. No value has a bucket number then. */
  readonly version: 0 | 1 | 2;
  /** `null` if it is not a string. JavaScript's `+` then determines what is hashed. */
  readonly seed: string | null;
  readonly rawSeed: unknown;
  /** State of the hash after the seed, which version 2 hashes first. */
  readonly prefix: number;
}

/** Prepares a hash. Any `version` other than the numbers 1 and 2 is unknown. */
export function compileHash(rawSeed: unknown, version: unknown): CompiledHash {
  const seed = typeof rawSeed === "string" ? rawSeed : null;
  return {
    version: version === 1 || version === 2 ? version : 0,
    seed,
    rawSeed,
    prefix: seed === null ? 0 : fnv1aPrefix(seed),
  };
}

/**
 * Returns the bucket number of a value, in [0, 1). It is a multiple of 1/10,000 (version 2) or 1/1,000 (version 1).
 *
 * Quirk: version 1 hashes the value before the seed, and version 2 the seed before the value (growthbook).
 *
 * @returns -1 if the version is unknown.
 */
export function bucketOf(hash: CompiledHash, value: unknown): number {
  // The division happens here, where V8 inlines it, because functions return integers without boxing them, but not
  // fractions.
  const shard = shardOf(hash, value);
  if (hash.version === 2) return shard / 10_000;
  return hash.version === 1 ? shard / 1000 : -1;
}

/** Returns the bucket number in units of 1/10,000 or 1/1,000. */
function shardOf(hash: CompiledHash, value: unknown): number {
  const { prefix, seed, version } = hash;
  if (seed === null) return shardOfRawSeed(hash, value);
  const text = typeof value === "string" ? value : concatenable(value);
  if (version === 2) return shardOfText(text, prefix);
  return fnv1aUint32(seed, fnv1aUint32(text)) % 1000;
}

/** Computes version 2 in a single function, so that V8 never boxes the intermediate hash as a double. */
function shardOfText(text: string, prefix: number): number {
  // Read within the function, so that V8 inlines the call with any bundler, even if a class extends `String`.
  const charCodeAt = String.prototype.charCodeAt;
  let state = prefix;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ charCodeAt.call(text, i), PRIME);
  return shardOfDecimal(state >>> 0);
}

function shardOfRawSeed({ rawSeed, version }: CompiledHash, value: unknown): number {
  // The vendor uses `+`, which adds two numbers.
  const [seed, text] = [rawSeed as string, value as string];
  if (version === 2) return shardOfDecimal(fnv1aOfAny(seed + text));
  return fnv1aOfAny(text + seed) % 1000;
}

/** Quirk: a number has no length, so it is not hashed at all (growthbook). */
function fnv1aOfAny(text: unknown): number {
  return typeof text === "string" ? fnv1aUint32(text) : OFFSET;
}

/** Returns `"" + value`. A template literal would convert some objects to another string. */
export function concatenable(value: unknown): string {
  // biome-ignore lint/style/useTemplate: see above
  return (value as string) + "";
}

/** Space for the digits of a 32-bit number. */
const digits = /* @__PURE__ */ new Uint8Array(10);

/** Computes FNV-1a of the decimal digits of an unsigned 32-bit integer, modulo 10,000, without creating the string. */
function shardOfDecimal(value: number): number {
  // Both parts are small integers in V8.
  const high = Math.floor(value / 100_000) | 0;
  let rest = (value - high * 100_000) | 0;
  let count = 0;
  while (high > 0 ? count < 5 : rest > 0 || count === 0) {
    const tens = (rest / 10) | 0;
    digits[count++] = rest - tens * 10 + 48;
    rest = tens;
  }
  for (rest = high; rest > 0; count++) {
    const tens = (rest / 10) | 0;
    digits[count] = rest - tens * 10 + 48;
    rest = tens;
  }
  let state = OFFSET | 0; // stays an integer instead of a double
  while (count > 0) state = Math.imul(state ^ (digits[--count] as number), PRIME); // written above
  return (state >>> 0) % 10_000;
}
