import {
  type Assigned,
  type CompiledFlag,
  type DecodeError,
  type Evaluation,
  EvaluationError,
  type ExposureBase,
  type How,
  howOf,
  type Scope,
  type Subject,
  type VariationValue,
} from "@sortition/core/dialect";
import { failing } from "@sortition/core/dialect-internal";
import { evaluateSpec, HASHING, variationOf } from "./evaluation/evaluate-spec.js";
import { type EvaluatedConfiguration, EvaluationCall } from "./evaluation/evaluation-call.js";
import type { Outcome } from "./evaluation/outcome.js";
import type { StatsigExtras } from "./evaluation/user.js";
import { DEFAULT, type Spec } from "./spec.js";
import { StatsigTrace } from "./trace.js";

/** Conditions that read nothing of a user but its ID. */
const OF_UNITS: readonly string[] = ["public", HASHING];

/** A gate, a config or a layer that is ready to be evaluated. */
export class StatsigFlag implements CompiledFlag<StatsigExtras> {
  readonly valueType: "boolean" | "json";
  readonly #evaluations = new Map<string, Assigned>();

  constructor(
    readonly key: string,
    readonly spec: Spec,
  ) {
    this.valueType = spec.kind === "gate" ? "boolean" : "json";
  }

  evaluate(subject: Subject, scope: Scope<StatsigExtras>): Evaluation {
    const trace = scope.trace instanceof StatsigTrace ? scope.trace : null;
    const call = new EvaluationCall(subject, scope, trace?.recorder ?? null, evaluateSpec);
    const outcome = call.outcomeOf(this.spec);
    trace?.record(outcome);
    if (outcome.kind === "unsupported") {
      const problem = `"${this.key}" has a condition that the vendor's SDK does not know`;
      throw new EvaluationError("SORTITION_EVALUATION", this.key, problem);
    }
    if (outcome.kind === "unresolved") {
      if (!call.hasUndecidedPattern) {
        const { name } = scope.configuration.dialect;
        scope.noteMistake?.("lookup", this.key, () => {
          const factory = name === "statsig" ? "statsig" : "statsigLegacy";
          return `"${this.key}" needs an ID list, a country, a browser or a bandit: pass ${factory}({ lookups })`;
        });
      }
      return { kind: "default", reason: "unresolved" };
    }
    const isGiven = scope.extras?.user !== undefined;
    if (isGiven || scope.isKeyless === true) scope.hashedBy(call.unit(this.spec.idType));
    return this.#evaluationOf(outcome, call.configuration);
  }

  variationValues(variation: string): readonly VariationValue[] {
    if (this.valueType === "boolean") {
      const isSwitch = variation === "true" || variation === "false";
      return isSwitch ? [{ value: variation === "true", json: null }] : [];
    }
    const { defaultValue, rules } = this.spec;
    const rule = rules.find((it) => variationOf(it) === variation);
    if (rule !== undefined) return [{ value: null, json: jsonOf(rule.returnValue) }];
    return variation === DEFAULT ? [{ value: null, json: jsonOf(defaultValue) }] : [];
  }

  /** Outcomes are few, and each is created once. */
  #evaluationOf(outcome: Outcome, configuration: EvaluatedConfiguration): Assigned {
    const { allocation, delegate, isGroup, json, ruleId, value } = outcome;
    const isGate = this.valueType === "boolean";
    const text = isGate ? String(value) : jsonOf(json);
    const variation = isGate ? text : outcome.variation;
    const key = JSON.stringify([allocation, ruleId, variation, text]);
    const known = this.#evaluations.get(key);
    if (known !== undefined) return known;
    const exposure: ExposureBase = {
      experiment: null,
      featureFlag: this.key,
      allocation,
      variation,
      extraLogging: {},
      eventFields: {
        ruleID: ruleId,
        allocatedExperimentName: delegate,
        inExperiment: isGroup,
      },
    };
    const evaluation: Assigned = Object.freeze({
      kind: "assigned",
      reason: howIn(this.spec, allocation, configuration),
      value: isGate ? value : null,
      json: isGate ? null : text,
      variation,
      allocation,
      exposure,
    });
    this.#evaluations.set(key, evaluation);
    return evaluation;
  }
}

/** The value of a config. Anything but an object is an empty one. */
function jsonOf(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : "{}";
}

function howIn(
  spec: Spec,
  allocation: string,
  configuration: EvaluatedConfiguration,
): How | "disabled" {
  const { isEnabled, rules } = spec;
  const mapping = configuration.mappingsOf(spec).find((it) => it.rule.allocation === allocation);
  const index = rules.findIndex((it) => it.allocation === allocation);
  const rule = mapping?.rule ?? rules[index];
  if (rule === undefined) {
    const isFirst = rules.length === 0;
    return isEnabled ? howOf({ hasConditions: false, isFirst, isSplit: () => false }) : "disabled";
  }
  const types = rule.conditions.flatMap((it) => configuration.condition(it)?.type ?? []);
  const isShared = rule.passPercentage > 0 && rule.passPercentage < 100;
  return howOf({
    hasConditions: types.some((it) => !OF_UNITS.includes(it)),
    isFirst: index === 0,
    isSplit: () => isShared || types.includes(HASHING),
  });
}

/** A gate, a config or a layer that could not be decoded. */
export interface BrokenFlag extends CompiledFlag {
  readonly spec: null;
  evaluate(): never;
}

export function brokenFlag(key: string, error: DecodeError): BrokenFlag {
  return { key, valueType: null, spec: null, evaluate: failing(key, error) };
}
