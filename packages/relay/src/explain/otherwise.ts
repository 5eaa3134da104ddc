import type { AllocationDescription, FlagDescription } from "@sortition/core/dialect";
import type { DialectName } from "../config/config.js";

/** What subjects get if no allocation assigns a variation. */
export interface Otherwise {
  /** Such as `your code's default value`. */
  readonly words: string;
  /** The value that the vendor returns; `undefined`: your code decides. */
  readonly value: unknown;
  /** The allocations of the flag, without the one that describes the default value. */
  readonly allocations: readonly AllocationDescription[];
  /** Index of the allocation that assigns all remaining subjects, so that this is never used; `null`: none. */
  readonly catchAll: number | null;
  /** Variations of `catchAll` that have no value, so that applications use their own default (Amplitude). */
  readonly withoutValue: readonly string[];
}

const WORDS: Readonly<Record<DialectName, string>> = {
  amplitude: "your code's default value",
  datadog: "your code's default value",
  eppo: "your code's default value",
  growthbook: "null or your code's default value",
  posthog: "the value",
};

/** Determines what a vendor returns for subjects that no allocation assigns. */
export function otherwiseOf(
  { allocations, isEnabled, variations }: FlagDescription,
  dialect: DialectName,
): Otherwise {
  const last = variations.at(-1);
  const hasDefault =
    dialect === "growthbook" && [last, allocations.at(-1)].every((it) => it?.key === "default");
  const own = hasDefault ? allocations.slice(0, -1) : allocations;
  const all = own.findIndex(
    ({ rules, traffic, window }) =>
      window === null && rules.length === 0 && traffic !== null && traffic.unassigned <= 0,
  );
  const catchAll = isEnabled && all >= 0 ? all : null;
  const given = catchAll === null || dialect !== "amplitude" ? [] : (own[catchAll]?.splits ?? []);
  const empty = variations.filter(({ problem, value }) => problem === null && value === undefined);
  return {
    words: hasDefault ? "the feature's default value" : WORDS[dialect],
    value: hasDefault ? last?.value : dialect === "posthog" ? false : undefined,
    allocations: own,
    catchAll,
    withoutValue: empty
      .map(({ key }) => key)
      .filter((key) => given.some(({ variation }) => variation === key)),
  };
}
