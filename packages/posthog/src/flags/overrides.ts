import { type FeatureFlagValue, isRecord, type JsonType } from "../source/json.js";

/** Values and payloads that replace evaluation. */
export interface FeatureFlagOverrideOptions {
  /** `false`: none; a list: these flags are on. */
  flags?: false | string[] | Record<string, FeatureFlagValue>;
  /** `false`: none. */
  payloads?: false | Record<string, JsonType>;
}

/** What `overrideFeatureFlags` takes. `false`: no overrides; a list: these flags are on. */
export type OverrideFeatureFlagsOptions =
  | false
  | string[]
  | Record<string, FeatureFlagValue>
  | FeatureFlagOverrideOptions;

/** The overrides in force. `null`: none. A flag that is overridden by `undefined` does not exist. */
export class FlagOverrides {
  flags: ReadonlyMap<string, FeatureFlagValue | undefined> | null = null;
  payloads: ReadonlyMap<string, JsonType> | null = null;

  set(overrides: OverrideFeatureFlagsOptions): void {
    const { flags, payloads } = partsOf(overrides);
    if (flags !== undefined) this.flags = flags === false ? null : flagsOf(flags);
    if (payloads !== undefined) {
      this.payloads = payloads === false ? null : new Map(Object.entries(payloads ?? {}));
    }
  }
}

function partsOf(overrides: OverrideFeatureFlagsOptions): FeatureFlagOverrideOptions {
  if (overrides === false) return { flags: false, payloads: false };
  if (!isList(overrides) && hasParts(overrides ?? {})) return overrides;
  return { flags: overrides as Record<string, FeatureFlagValue> }; // nothing else is left
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}

function flagsOf(
  flags: readonly string[] | Readonly<Record<string, FeatureFlagValue>>,
): ReadonlyMap<string, FeatureFlagValue | undefined> {
  return isList(flags)
    ? new Map(flags.map((key) => [key, true]))
    : new Map(Object.entries(flags ?? {}));
}

/** A flag may be named `flags` or `payloads`: then its value is not a list, an object or `false`. */
function hasParts(overrides: object): overrides is FeatureFlagOverrideOptions {
  const { flags, payloads } = overrides as Record<string, unknown>;
  const isFlags = flags === false || Array.isArray(flags) || isRecord(flags);
  return isFlags || payloads === false || (typeof payloads === "object" && payloads !== null);
}
