import type { Defaulted, Evaluation, ExposureBase, How } from "@sortition/core/dialect";
import { freshValue } from "../../fresh-value.js";
import { safeText } from "../../safe-text.js";
import type { FeatureResultSource } from "../../wire.js";

/**
 * The decision for a feature, which core's client returns and logs. There is one object for each assigned variation.
 */
export type Decision = Exclude<Evaluation, { readonly kind: "error" }> & {
  /** Raw value. {@link valueFor} returns the value for callers. */
  readonly value: unknown;
  readonly source: FeatureResultSource;
  /** Whether the value belongs to the caller. */
  readonly isGiven: boolean;
  /** Id of the rule as received. Falsy if there is none. */
  readonly ruleId: string | undefined;
};

interface Assignment {
  readonly how: How;
  readonly ruleId: string | undefined;
  /** Key of the variation. `null` without an experiment. */
  readonly variation: string | null;
  readonly exposure: ExposureBase | null;
  readonly isGiven: boolean;
}

export function decisionOf(
  source: FeatureResultSource,
  value: unknown,
  { exposure, how, isGiven, ruleId, variation }: Assignment,
): Decision {
  return {
    kind: "assigned",
    reason: how,
    value,
    // Each caller gets a newly parsed copy, so that no caller can damage the next one's value.
    json: typeof value === "object" && value !== null && !isGiven ? jsonOf(value) : null,
    variation: variation === null ? null : safeText(variation),
    allocation: ruleId ? safeText(ruleId) : null,
    exposure,
    source,
    isGiven,
    ruleId,
  };
}

/** A value that a rule forces. Its decision is created on first use. */
export class ForcedValue {
  #decision: Decision | null = null;

  constructor(
    readonly value: unknown,
    readonly how: How,
    readonly ruleId: string | undefined,
    readonly isGiven: boolean,
  ) {}

  get decision(): Decision {
    const { how, isGiven, ruleId, value } = this;
    this.#decision ??= decisionOf("force", value, {
      how,
      ruleId,
      variation: null,
      exposure: null,
      isGiven,
    });
    return this.#decision;
  }
}

function jsonOf(value: object): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null; // the value is nested too deeply
  }
}

/** Returns the value for a caller. It is a copy, unless it belongs to the caller. */
export function valueFor({ isGiven, value }: Decision): unknown {
  return isGiven ? value : freshValue(value);
}

/** Creates the decision for a feature that has no value. */
export function nothingDecided(
  source: FeatureResultSource,
  reason: Defaulted["reason"] = "no-allocation",
): Decision {
  return {
    kind: "default",
    reason,
    value: null,
    source,
    isGiven: false,
    ruleId: undefined,
  };
}

export const UNKNOWN_FEATURE: Decision = /* @__PURE__ */ nothingDecided("unknownFeature");
export const BLOCKED: Decision = /* @__PURE__ */ nothingDecided("prerequisite", "disabled");
export const CYCLIC: Decision = /* @__PURE__ */ nothingDecided("cyclicPrerequisite", "cycle");
