import type { Answer, Trace } from "@sortition/core/dialect";
import { copyJson } from "@sortition/core/dialect-internal";
import type { EvaluationCall } from "./evaluation/evaluation-call.js";
import type { ObservedOutcome } from "./evaluation/experiment/outcome.js";
import type { Decision } from "./evaluation/feature/decision.js";
import type { Observer } from "./evaluation/observer.js";
import { featureResultOf } from "./evaluation/results.js";
import { freshValue } from "./fresh-value.js";
import type { Experiment, FeatureResult } from "./wire.js";

/** Details of an evaluation, which are the vendor's result of the feature. */
export type GrowthbookDetails = FeatureResult;

/** Callbacks that explanations need. */
export interface Watching {
  readonly onAnswer?: (answer: Answer, result: FeatureResult) => void;
  readonly reached?: NonNullable<Observer["reached"]>;
  readonly tested?: NonNullable<Observer["tested"]>;
}

/** Records a call of core's client. Calls `onAnswer` with the completed call. */
export class GrowthbookTrace implements Trace<GrowthbookDetails>, Observer {
  #result: FeatureResult | null = null;
  readonly #onAnswer: Watching["onAnswer"];
  readonly reached: NonNullable<Observer["reached"]> | undefined;
  readonly tested: NonNullable<Observer["tested"]> | undefined;

  constructor(watching: Watching = {}) {
    this.#onAnswer = watching.onAnswer;
    this.reached = watching.reached;
    this.tested = watching.tested;
  }

  viewed(outcome: ObservedOutcome): ObservedOutcome {
    return outcome;
  }

  /** The last call is for the requested feature, because its parents are evaluated first. */
  used(_key: string, decision: Decision, context: EvaluationCall): void {
    this.#result = featureResultOf(decision, context);
  }

  details(answer: Answer): GrowthbookDetails {
    const result = this.#resultOf(answer);
    this.#onAnswer?.(answer, result);
    return forCaller(result);
  }

  #resultOf({ override }: Answer): FeatureResult {
    if (override !== null) {
      const value = freshValue(override.value);
      return { value, on: !!value, off: !value, source: "override", ruleId: "" };
    }
    return (
      this.#result ?? { value: null, on: false, off: true, source: "unknownFeature", ruleId: "" }
    );
  }
}

/** Copies the parts that the result shares with the configuration, because callers may change details. */
function forCaller(result: FeatureResult): FeatureResult {
  const { experiment, experimentResult } = result;
  if (experiment === undefined || experimentResult === undefined) return result;
  const { variationWeights } = experimentResult;
  return {
    ...result,
    experiment: copyJson(experiment) as Experiment<unknown>, // the copy has the same members
    experimentResult:
      variationWeights === undefined
        ? experimentResult
        : { ...experimentResult, variationWeights: [...variationWeights] },
  };
}
