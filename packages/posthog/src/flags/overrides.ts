import type { FeatureFlagValue, JsonType } from "../source/json.js";
import type { EvaluatedFlag } from "./feature-flag-evaluations.js";
import { type FeatureFlagResult, partsOf } from "./flag-results.js";

/** Values and payloads that replace evaluation. */
export interface FeatureFlagOverrideOptions {
  /** `false` removes the overrides. A list turns these flags on. */
  flags?: false | string[] | Record<string, FeatureFlagValue> | undefined;
  /** `false` removes the overrides. */
  payloads?: false | Record<string, JsonType> | undefined;
}

/** Argument of `overrideFeatureFlags`. `false` removes all overrides. A list turns these flags on. */
export type OverrideFeatureFlagsOptions =
  | false
  | string[]
  | Record<string, FeatureFlagValue>
  | FeatureFlagOverrideOptions;

/** The current overrides. `null` if there are none. A flag whose override is `undefined` does not exist. */
export class FlagOverrides {
  flags: ReadonlyMap<string, FeatureFlagValue | undefined> | null = null;
  payloads: ReadonlyMap<string, JsonType> | null = null;

  set(overrides: OverrideFeatureFlagsOptions): void {
    const { flags, payloads } = optionsOf(overrides);
    if (flags !== undefined) this.flags = flags === false ? null : flagsOf(flags);
    if (payloads !== undefined) {
      this.payloads = payloads === false ? null : new Map(Object.entries(payloads ?? {}));
    }
  }

  /** Returns the result of an overridden flag, or `undefined` if it does not exist. */
  result(key: string): FeatureFlagResult | undefined {
    const name = String(key);
    const value = this.flags?.get(name);
    if (value === undefined) return undefined;
    return { key, ...partsOf(value), payload: this.payloads?.get(name) };
  }

  /** Replaces evaluated values and payloads. */
  replaceIn(
    values: Map<string, FeatureFlagValue | undefined>,
    payloads: Map<string, JsonType>,
  ): void {
    for (const [key, value] of this.flags ?? []) values.set(key, value);
    for (const [key, payload] of this.payloads ?? []) payloads.set(key, payload);
  }

  /** Replaces flags of a snapshot. Members that are not overridden stay. */
  replaceInSnapshot(flags: Map<string, EvaluatedFlag>): void {
    for (const [key, value] of this.flags ?? []) {
      if (value === undefined) flags.delete(key);
      else flags.set(key, { isLocal: false, ...flags.get(key), ...partsOf(value) });
    }
    for (const [key, payload] of this.payloads ?? []) {
      const flag = flags.get(key);
      if (flag !== undefined) flags.set(key, { ...flag, payload });
    }
  }
}

function optionsOf(overrides: OverrideFeatureFlagsOptions): FeatureFlagOverrideOptions {
  if (overrides === false) return { flags: false, payloads: false };
  if (!isList(overrides) && hasParts(overrides ?? {})) return overrides;
  return { flags: overrides as Record<string, FeatureFlagValue> }; // no other type is left
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}

function flagsOf(
  flags: readonly string[] | Readonly<Record<string, FeatureFlagValue>>,
): ReadonlyMap<string, FeatureFlagValue | undefined> {
  return isList(flags)
    ? new Map(flags.map((key) => [String(key), true]))
    : new Map(Object.entries(flags ?? {}));
}

/** A flag may be named `flags` or `payloads`. Its value is then not a list, an object or `false`. */
function hasParts(overrides: object): overrides is FeatureFlagOverrideOptions {
  const { flags, payloads } = overrides as Record<string, unknown>;
  return [flags, payloads].some((it) => it === false || (typeof it === "object" && it !== null));
}
