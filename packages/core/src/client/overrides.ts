import { OptionError } from "../errors/errors.js";
import { requireMethods } from "../errors/option-checks.js";
import type { Override } from "../model/override.js";

/**
 * Variations to return instead of evaluating flags, by flag key: `{ key, value }`, or only the key of one of the flag's
 * variations, whose value is then looked up in the configuration.
 */
export type Overrides = Readonly<Record<string, string | Override>>;

/** Overrides as evaluators look them up. A string is the key of a variation. */
export type OverrideMap = ReadonlyMap<string, string | Override>;

/** @throws OptionError if an override is neither a string nor `{ key, value }`. */
export function readOverrides(overrides: Overrides | undefined): OverrideMap {
  requireMethods("overrides", overrides, [], ": pass { flagKey: variationKey }");
  if (Array.isArray(overrides) && overrides.length > 0) {
    throw new OptionError("overrides", "is a list: pass { flagKey: variationKey }");
  }
  if (overrides instanceof Map) {
    throw new OptionError("overrides", "is a Map: pass Object.fromEntries(overrides)");
  }
  const entries = Object.entries(overrides ?? {});
  for (const [flagKey, override] of entries) {
    if (typeof override === "string") continue;
    if (typeof override?.key !== "string" || !("value" in override)) {
      const expected = "expected the key of a variation, or { key, value } with a string key";
      throw new OptionError(`overrides.${flagKey}`, expected);
    }
  }
  return new Map(entries);
}

/**
 * Reads overrides of a client that does not know the flags' variations.
 *
 * @throws OptionError if an override is not `{ key, value }`.
 */
export function readValueOverrides(
  overrides: Readonly<Record<string, Override>> | undefined,
): ReadonlyMap<string, Override> {
  for (const [flagKey, override] of readOverrides(overrides)) {
    if (typeof override === "string") {
      throw new OptionError(`overrides.${flagKey}`, "expected { key, value } with a string key");
    }
  }
  return new Map(Object.entries(overrides ?? {}));
}

/** Adds overrides to others, which they replace for the same flag. */
export function withFurther(overrides: OverrideMap, further: OverrideMap): OverrideMap {
  if (further.size === 0) return overrides;
  return overrides.size === 0 ? further : new Map([...overrides, ...further]);
}
