import { type ShardSpace, sha1Uint60 } from "@sortition/core/dialect";
import { type HashPrefix, sha1Prefix } from "@sortition/core/dialect-internal";
import {
  type AttributeReference,
  KEY_REFERENCE,
  parseReference,
} from "../context/attribute-reference.js";
import type { EvaluationContext } from "../context/evaluation-context.js";
import { kindOf } from "../context/kind-of.js";
import { numberOf, stringOf } from "../json-values.js";

const HASH_SPACE = 2 ** 60;

/** Number of shards in explanations: weights are thousandths of a percent. */
export const TOTAL_SHARDS = 100_000;

/** What is hashed to place a context. */
export interface Bucketing {
  readonly reference: AttributeReference;
  readonly kind: string;
  readonly prefix: HashPrefix;
}

/** Where the parts of a {@link Bucketing} come from. Members are as received. */
export interface BucketingSource {
  readonly key: string;
  readonly salt: unknown;
  readonly seed: unknown;
  readonly bucketBy: unknown;
  readonly contextKind: unknown;
}

/** Compiles what is hashed. `null`: the reference to the attribute is invalid. */
export function compileBucketing(source: BucketingSource): Bucketing | null {
  const { bucketBy, contextKind, key, salt, seed } = source;
  const reference = bucketBy ? parseReference(stringOf(bucketBy), !contextKind) : KEY_REFERENCE;
  if (reference === null) return null;
  const prefix = seed ? String(numberOf(seed)) : `${key}.${stringOf(salt || "")}`;
  return {
    reference,
    kind: kindOf(contextKind),
    prefix: hashed(`${prefix}.`),
  };
}

/** The last hashed prefix. The rules of a segment, and most rules of a flag, have the same one. */
let last: { readonly text: string; readonly prefix: HashPrefix } | null = null;

function hashed(text: string): HashPrefix {
  if (last?.text !== text) last = { text, prefix: sha1Prefix(text) };
  return last.prefix;
}

/** Returns the shards into which contexts are hashed. */
export function shardsOf({ prefix }: Bucketing): ShardSpace {
  return { salt: prefix.text.slice(0, -1), totalShards: TOTAL_SHARDS };
}

/** Returns the place of a context, in [0, 1]. It is 0 if there is no value to hash. */
export function bucketOf(
  { kind, prefix, reference }: Bucketing,
  context: EvaluationContext,
): number {
  const value = context.valueOf(reference, kind);
  if (typeof value === "string") return sha1Uint60(value, prefix) / HASH_SPACE;
  return Number.isInteger(value) ? sha1Uint60(String(value), prefix) / HASH_SPACE : 0;
}
