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

/** Result of a feature. */
export interface ObservedFeature {
  readonly decision: Decision;
  /** Value that the caller receives. */
  readonly value: unknown;
  /** What the evaluation threw; `null`: nothing. */
  readonly cause: unknown;
}

/** Notifies the option `onEvaluation` of the features that an instance or a client evaluates. */
export class ObservedFeatures {
  readonly #observers: Observers;
  readonly #owner: { readonly ready: boolean };

  constructor(observers: Observers, owner: { readonly ready: boolean }) {
    this.#observers = observers;
    this.#owner = owner;
  }

  /** Collects the exposures of prerequisites from now on. */
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

  #resultOf({ cause, decision, value }: ObservedFeature) {
    if (cause !== null) {
      const errorCause = cause instanceof MalformedError ? ("SORTITION_DECODE" as const) : null;
      const reason = "SORTITION_EVALUATION" as const;
      return { value, reason, errorCode: reason, errorCause, isExposure: false };
    }
    const { note, source } = decision;
    if (source === "unknownFeature") {
      const reason = this.#owner.ready ? ("flag-not-found" as const) : ("not-initialized" as const);
      return { value, reason, isExposure: false };
    }
    if (decision.kind === "default") {
      return { value, reason: decision.reason, note: note ?? null, isExposure: false };
    }
    const { allocation, exposure, how, variation } = decision;
    return {
      value,
      variation,
      allocation,
      reason: "assigned" as const,
      how: source === "override" ? ("override" as const) : how,
      note: note ?? null,
      isExposure: exposure !== null,
    };
  }
}

/**
 * Reads the option `onEvaluation`; `null` without it.
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

/** Exposures that a feature meets before its own. */
class MetExposures implements Pick<Scope, "expose" | "hashedBy"> {
  readonly exposures: ExposureBase[] = [];

  expose(exposure: ExposureBase): void {
    this.exposures.push(exposure);
  }

  /** The subject is the user of the instance. */
  hashedBy(): void {}
}

/** The attribute `id`; `""` if it is no string and no number. */
function subjectKeyOf(context: EvaluationCall): string {
  try {
    const id = attributeOf(context, "id");
    return typeof id === "string" || typeof id === "number" ? `${id}` : "";
  } catch {
    return ""; // attributes of the caller may have getters
  }
}
