import { textOf } from "@sortition/core/internal";
/** A JSON value, as PostHog's declarations name it. */
export type JsonType = string | number | boolean | null | { [key: string]: JsonType } | JsonType[];

/** Value of a flag: off, on, or the key of a variant. */
export type FeatureFlagValue = boolean | string;

/** Whether it is an object, and neither an array nor an instance of a class. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** @throws SyntaxError for bytes that are not JSON. */
export function jsonOf(bytes: Uint8Array): unknown {
  return JSON.parse(textOf(bytes));
}
