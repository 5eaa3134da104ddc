import { OptionError } from "../errors/errors.js";
import { requireMethods } from "../errors/option-checks.js";
import type { Override } from "../model/override.js";

/** Variations to return instead of evaluating flags, by flag key. */
export type Overrides = Readonly<Record<string, Override>>;

/** @throws OptionError if an override is not `{ key, value }`. */
export function readOverrides(overrides: Overrides | undefined): ReadonlyMap<string, Override> {
  requireMethods("overrides", overrides, []);
  const entries = Object.entries(overrides ?? {});
  for (const [flagKey, override] of entries) {
    if (typeof override?.key !== "string" || !("value" in override)) {
      throw new OptionError(`overrides.${flagKey}`, "expected { key, value } with a string key");
    }
  }
  return new Map(entries);
}
