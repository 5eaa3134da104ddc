import type { Evaluation, ExposureBase } from "@sortition/core/dialect";
import { safeText } from "../safe-text.js";
import type { FeatureResultSource } from "../wire.js";

/** What decided a feature, made when it is compiled. */
export interface Decision {
  readonly source: FeatureResultSource;
  /** Shared: callers get a copy. */
  readonly value: unknown;
  /** As received; falsy: none. */
  readonly ruleId: string | undefined;
  /** What the client of core returns and logs. */
  readonly evaluation: Evaluation;
}

/** How a value was assigned. */
interface Assignment {
  readonly ruleId: string | undefined;
  /** Key of the variation; `null` without an experiment. */
  readonly variation: string | null;
  readonly exposure: ExposureBase | null;
}

const NO_ALLOCATION: Evaluation = { kind: "default", reason: "no-allocation" };

/** A decision for a value. */
export function decisionOf(
  source: FeatureResultSource,
  value: unknown,
  { exposure, ruleId, variation }: Assignment,
): Decision {
  return {
    source,
    value,
    ruleId,
    evaluation: {
      kind: "assigned",
      value,
      // Parsed anew for each caller, so that none can damage the value of the next one.
      json: typeof value === "object" && value !== null ? jsonOf(value) : null,
      variation: variation === null ? null : safeText(variation),
      allocation: ruleId ? safeText(ruleId) : null,
      exposure,
    },
  };
}

function jsonOf(value: object): string | null {
  try {
    return JSON.stringify(value) ?? null;
  } catch {
    return null; // a value from code, with cycles
  }
}

/** A feature without a value, since nothing gives it one. */
export function nothingDecided(source: FeatureResultSource): Decision {
  return { source, value: null, ruleId: undefined, evaluation: NO_ALLOCATION };
}

export const UNKNOWN_FEATURE: Decision = /* @__PURE__ */ nothingDecided("unknownFeature");
export const BLOCKED: Decision = /* @__PURE__ */ nothingDecided("prerequisite");
export const CYCLIC: Decision = /* @__PURE__ */ nothingDecided("cyclicPrerequisite");
