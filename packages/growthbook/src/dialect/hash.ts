import { fnv1aUint32 } from "@sortition/core/dialect";

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** A seed with the version of the hash, prepared once. */
export interface CompiledHash {
  /** 0: unknown, so that no value has a bucket number. */
  readonly version: 0 | 1 | 2;
  /** `null` if it is not a string: then JavaScript's `+` decides what is hashed. */
  readonly seed: string | null;
  readonly rawSeed: unknown;
  /** State of the hash after the seed, which comes first in version 2. */
  readonly prefix: number;
}

/** Prepares a hash. `version` must be the number 1 or 2: anything else is unknown. */
export function compileHash(rawSeed: unknown, version: unknown): CompiledHash {
  const seed = typeof rawSeed === "string" ? rawSeed : null;
  return {
    version: version === 1 || version === 2 ? version : 0,
    seed,
    rawSeed,
    prefix: seed === null ? OFFSET : fnv1aUint32(seed),
  };
}

/**
 * The bucket number of a value, in [0, 1): a multiple of 1/10,000 (version 2) or 1/1,000 (version 1).
 *
 * Quirk: version 1 hashes the value before the seed, version 2 the seed before the value (growthbook).
 *
 * @returns -1 if the version is unknown.
 */
export function bucketOf(hash: CompiledHash, value: unknown): number {
  const { prefix, seed, version } = hash;
  if (seed === null) return bucketOfRawSeed(hash, value);
  const text = typeof value === "string" ? value : concatenable(value);
  if (version === 2) return (fnv1aOfDecimal(fnv1aUint32(text, prefix)) % 10_000) / 10_000;
  if (version === 1) return (fnv1aUint32(seed, fnv1aUint32(text)) % 1000) / 1000;
  return -1;
}

/** The vendor's `hash`: `null` if the version is unknown. */
export function hash(seed: string, value: string, version: number): number | null {
  const bucket = bucketOf(compileHash(seed, version), value);
  return bucket < 0 ? null : bucket;
}

function bucketOfRawSeed({ rawSeed, version }: CompiledHash, value: unknown): number {
  // What `+` makes of it: two numbers are added.
  const [seed, text] = [rawSeed as string, value as string];
  if (version === 2) return (fnv1aOfDecimal(fnv1aOfAny(seed + text)) % 10_000) / 10_000;
  if (version === 1) return (fnv1aOfAny(text + seed) % 1000) / 1000;
  return -1;
}

/** Quirk: a number has no length, so that nothing of it is hashed (growthbook). */
function fnv1aOfAny(text: unknown): number {
  return typeof text === "string" ? fnv1aUint32(text) : OFFSET;
}

/** What `"" + value` is. A template would ask some objects for another string. */
export function concatenable(value: unknown): string {
  // biome-ignore lint/style/useTemplate: see above
  return (value as string) + "";
}

/** Room for the digits of a 32-bit number. */
const digits = /* @__PURE__ */ new Uint8Array(10);

/** FNV-1a of the decimal text of an unsigned 32-bit integer, without making that string. */
function fnv1aOfDecimal(value: number): number {
  let rest = value;
  let count = 0;
  do {
    const tens = Math.floor(rest / 10);
    digits[count++] = rest - tens * 10 + 48;
    rest = tens;
  } while (rest > 0);
  let state = OFFSET;
  while (count > 0) state = Math.imul(state ^ (digits[--count] as number), PRIME); // written above
  return state >>> 0;
}
