import { ProtocolError } from "@sortition/core";
import type { VendorAny } from "@sortition/core/internal";

/** What a user gets from a flag. */
export interface Variant {
  key?: string | undefined;
  /** A string: other values are written as JSON. */
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
 * Variants as callers get them: their values are strings.
 *
 * Quirk: numbers, booleans and strings are taken for maps, which are empty or have the characters by index (amplitude).
 *
 * @param raw - variants by flag key, as the server of `url` gives them.
 * @throws ProtocolError if that, or a variant, is `null`.
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
  // Absent and null values are members that are undefined, as with the vendor.
  return { ...raw, value: value === undefined || value === null ? undefined : stringOf(value) };
}

function stringOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function hasMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && value !== undefined;
}

/** Variants without default ones: what the deprecated methods return. */
export function withoutDefaults(variants: Readonly<Record<string, Variant>>): Variants {
  return Object.fromEntries(
    Object.entries(variants).filter(([, { metadata }]) => !metadata?.["default"]),
  );
}
