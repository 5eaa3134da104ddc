import type { ExposureBase, Scope } from "@sortition/core/dialect";
import {
  type EvaluationObserver,
  type ObservedFacts,
  type Observers,
  observedEvaluation,
  observersOf,
} from "@sortition/core/internal";
import { attributeOf } from "../dialect/evaluation/attributes.js";
import type { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";
import type { Decision } from "../dialect/evaluation/feature/decision.js";
import { MalformedError } from "../dialect/malformed.js";
import { safeText } from "../dialect/safe-text.js";
import type { Reports } from "../messages/reports.js";

export interface ObservedFeature {
  readonly decision: Decision;
  /** The value that the caller receives. */
  readonly value: unknown;
  /** The error that the evaluation threw, or `null`. */
  readonly cause: unknown;
}

type Result = Omit<ObservedFacts, "flagKey" | "subjectKey" | "dialect">;

/** Calls the `onEvaluation` observers of an instance or a client. */
export class ObservedFeatures {
  readonly #observers: Observers;
  readonly #owner: { readonly ready: boolean };

  constructor(observers: Observers, owner: { readonly ready: boolean }) {
    this.#observers = observers;
    this.#owner = owner;
  }

  /** Starts collecting the exposures of prerequisites. */
  begin(context: EvaluationCall): void {
    context.scope = this.#observers.isCalling ? null : new MetExposures();
  }

  /** Notifies the observers. Never throws. */
  end(key: unknown, feature: ObservedFeature, context: EvaluationCall): void {
    const { scope } = context;
    context.scope = null;
    if (!(scope instanceof MetExposures)) return;
    const subjectKey = subjectKeyOf(context);
    for (const { allocation, featureFlag, variation } of scope.exposures) {
      const flagKey = featureFlag ?? safeText(key);
      this.#notify({
        flagKey,
        subjectKey,
        value: undefined,
        variation,
        allocation,
        isDefault: false,
        reason: "assigned",
        isExposure: true,
        isPrerequisite: true,
      });
    }
    this.#notify({ flagKey: safeText(key), subjectKey, ...this.#resultOf(feature) });
  }

  #notify(facts: Omit<ObservedFacts, "dialect">): void {
    this.#observers.notify(observedEvaluation({ ...facts, dialect: "growthbook" }));
  }

  #resultOf({ cause, decision, value }: ObservedFeature): Result {
    const nothing = { value, isDefault: true, isExposure: false };
    if (cause !== null) {
      const isMalformed = cause instanceof MalformedError;
      const errorCode = isMalformed ? "SORTITION_DECODE" : "SORTITION_EVALUATION";
      return { ...nothing, reason: "error", errorCode };
    }
    const { source } = decision;
    if (source === "unknownFeature") {
      return { ...nothing, reason: this.#owner.ready ? "flag-not-found" : "not-initialized" };
    }
    if (decision.kind === "default") return { ...nothing, reason: decision.reason };
    const { allocation, exposure, reason, variation } = decision;
    return {
      value,
      variation,
      allocation,
      isDefault: false,
      reason: source === "override" ? "override" : reason,
      isExposure: exposure !== null,
    };
  }
}

/**
 * Reads the option `onEvaluation`. Returns `null` if it is not set.
 *
 * @throws OptionError unless it is a function or a list of functions.
 */
export function observedFeatures(
  onEvaluation: EvaluationObserver | readonly EvaluationObserver[] | undefined,
  owner: { readonly ready: boolean },
  reports: () => Reports,
): ObservedFeatures | null {
  const observers = observersOf(onEvaluation, {
    error: (message, facts) => reports().error(message, facts?.["error"]),
  });
  return observers === null ? null : new ObservedFeatures(observers, owner);
}

/** Collects the exposures that precede the feature's own. */
class MetExposures implements Pick<Scope, "expose" | "hashedBy"> {
  readonly exposures: ExposureBase[] = [];

  expose(exposure: ExposureBase): void {
    this.exposures.push(exposure);
  }

  /** Ignored, because the subject is the instance's user. */
  hashedBy(): void {}
}

/** Returns the attribute `id`, or an empty string if it is neither a string nor a number. */
function subjectKeyOf(context: EvaluationCall): string {
  try {
    const id = attributeOf(context, "id");
    return typeof id === "string" || typeof id === "number" ? `${id}` : "";
  } catch {
    return ""; // the caller's attributes may have getters
  }
}
