import { ProtocolError } from "@sortition/core";
import type { VendorAny } from "@sortition/core/internal";

/** The variant of a flag that a user is assigned. */
export interface Variant {
  key?: string | undefined;
  /** A string. Other values are serialized as JSON. */
  value?: string | undefined;
  /** Any JSON value. */
  payload?: VendorAny;
  metadata?: Record<string, unknown> | undefined;
}

/** Variants by flag key. */
export interface Variants {
  [flagKey: string]: Variant;
}

/**
 * Converts variants for callers, with values as strings.
 *
 * Quirk: numbers, booleans and strings are treated as maps that are empty or have the characters by
 * index (amplitude).
 *
 * @param raw - variants by flag key, as returned by the server of `url`.
 * @throws ProtocolError if it or a variant is `null`.
 */
export function toVariants(raw: unknown, { origin }: URL): Record<string, Variant> {
  if (!hasMembers(raw)) {
    throw new ProtocolError(
      `the answer of ${origin} is not a map of variants: is serverUrl right?`,
    );
  }
  return Object.fromEntries(Object.entries(raw).map(([key, variant]) => [key, toVariant(variant)]));
}

function toVariant(raw: unknown): Variant {
  if (!hasMembers(raw)) throw new ProtocolError("a variant is not an object");
  const { value } = raw;
  // Absent and null values become undefined members, as in the vendor's SDK.
  return { ...raw, value: value === undefined || value === null ? undefined : stringOf(value) };
}

function stringOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function hasMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && value !== undefined;
}

/** Removes default variants, which the deprecated methods do not return. */
export function withoutDefaults(variants: Readonly<Record<string, Variant>>): Variants {
  return Object.fromEntries(
    Object.entries(variants).filter(([, { metadata }]) => !metadata?.["default"]),
  );
}
