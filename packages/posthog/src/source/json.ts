import { textOf } from "@sortition/core/internal";
/** A JSON value, with the name in PostHog's declarations. */
export type JsonType = string | number | boolean | null | { [key: string]: JsonType } | JsonType[];

/** Value of a flag: off, on, or the key of a variant. */
export type FeatureFlagValue = boolean | string;

/** Returns whether a value is a plain object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Parses JSON.
 *
 * @throws SyntaxError if the bytes are not JSON.
 */
export function jsonOf(bytes: Uint8Array): unknown {
  return JSON.parse(textOf(bytes));
}
