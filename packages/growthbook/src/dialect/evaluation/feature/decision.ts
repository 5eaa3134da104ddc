import type { Evaluation, EvaluationNote, ExposureBase, How } from "@sortition/core/dialect";
import { freshValue } from "../../fresh-value.js";
import { safeText } from "../../safe-text.js";
import type { FeatureResultSource } from "../../wire.js";

/** What decided a feature. The client of core returns and logs it: one object for each variation that was given to somebody. */
export type Decision = Exclude<Evaluation, { readonly kind: "error" }> & {
  /** Callers get it by {@link valueFor}. */
  readonly value: unknown;
  readonly source: FeatureResultSource;
  /** Whether the value is the caller's own. */
  readonly isGiven: boolean;
  /** As received; falsy: none. */
  readonly ruleId: string | undefined;
};

/** How a value was assigned. */
interface Assignment {
  readonly how: How;
  readonly ruleId: string | undefined;
  /** Key of the variation; `null` without an experiment. */
  readonly variation: string | null;
  readonly exposure: ExposureBase | null;
  readonly isGiven: boolean;
}

/** A decision for a value. */
export function decisionOf(
  source: FeatureResultSource,
  value: unknown,
  { exposure, how, isGiven, ruleId, variation }: Assignment,
): Decision {
  return {
    kind: "assigned",
    how,
    value,
    // Parsed anew for each caller, so that none can damage the value of the next one.
    json: typeof value === "object" && value !== null && !isGiven ? jsonOf(value) : null,
    variation: variation === null ? null : safeText(variation),
    allocation: ruleId ? safeText(ruleId) : null,
    exposure,
    source,
    isGiven,
    ruleId,
  };
}

/** The decision for a value that a rule forces, made when it is first given to somebody. */
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
    return null; // it nests too deeply
  }
}

/** The value for one caller: a copy, unless it is the caller's own. */
export function valueFor({ isGiven, value }: Decision): unknown {
  return isGiven ? value : freshValue(value);
}

/** A feature without a value, since nothing gives it one. */
export function nothingDecided(source: FeatureResultSource, note?: EvaluationNote): Decision {
  return {
    kind: "default",
    reason: "no-allocation",
    value: null,
    source,
    isGiven: false,
    ruleId: undefined,
    note,
  };
}

export const UNKNOWN_FEATURE: Decision = /* @__PURE__ */ nothingDecided("unknownFeature");
export const BLOCKED: Decision = /* @__PURE__ */ nothingDecided("prerequisite", "disabled");
export const CYCLIC: Decision = /* @__PURE__ */ nothingDecided("cyclicPrerequisite", "cycle");
