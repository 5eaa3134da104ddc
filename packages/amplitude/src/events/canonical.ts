import type { Results } from "../dialect/evaluation/evaluate-user.js";
import type { ExperimentUser } from "../dialect/user.js";

/** Results of an evaluation to be tracked. */
export interface Tracked {
  readonly user: ExperimentUser;
  readonly results: Results;
  /** Time of the evaluation, epoch ms. */
  readonly timestampMs: number;
}

/**
 * Returns the string by which evaluations are deduplicated: the user and the keys of all variants,
 * with the flag keys in UTF-16 order.
 */
export function canonicalOf({ results, user }: Tracked): string {
  let text = `${trimmed(user.user_id)} ${trimmed(user.device_id)} `;
  const keys = [...results.keys()];
  for (const key of keys.length > 1 ? keys.sort() : keys) {
    const variant = results.get(key)?.variant as { readonly key?: unknown } | undefined;
    if (variant?.key) text += `${trimmed(key)} ${trimmed(variant.key)} `;
  }
  return text;
}

function trimmed(value: unknown): string {
  return value === undefined || value === null ? "" : String(value).trim();
}

/** The vendor's 32-bit hash of strings, signed. */
export function hashCode(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}
