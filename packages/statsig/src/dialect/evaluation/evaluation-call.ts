import { EvaluationError, type Recorder, type Scope, type Subject } from "@sortition/core/dialect";
import type { Condition, ConditionCall, Surroundings } from "../condition/condition.js";
import type { Mapping, Spec } from "../spec.js";
import type { Outcome } from "./outcome.js";
import { FAILS, HOLDS, type Tested, UNRESOLVED, UNSUPPORTED } from "./tested.js";
import { type StatsigExtras, type StatsigUser, userOf } from "./user.js";

/** The vendor's SDK overflows its stack at some depth, or stops at 300. */
const MAX_DEPTH = 300;

/** The part of a configuration that evaluations read. */
export interface EvaluatedConfiguration extends Surroundings {
  /** Returns the overrides of a spec. */
  mappingsOf(spec: Spec): readonly Mapping[];
  /** Whether a contextual bandit, which draws at random, decides a config. */
  isBandit(config: string): boolean;
  gate(name: string): Spec | null;
  config(name: string): Spec | null;
  /**
   * Returns the experiment that decides a layer.
   *
   * @throws EvaluationError if it is malformed.
   */
  delegate(experiment: string): Spec | null;
  layer(name: string): Spec | null;
  /** Returns a condition of a rule, which may be one, or the hash of one. */
  condition(one: Condition | string): Condition | null;
}

/** The state of one evaluation. */
export class EvaluationCall implements ConditionCall {
  readonly configuration: EvaluatedConfiguration;
  readonly user: StatsigUser;
  hasUndecidedPattern = false;
  readonly #evaluate: (spec: Spec, call: EvaluationCall) => Outcome;
  readonly #recorder: Recorder | null;
  readonly #results = new Map<Spec, Outcome>();
  #depth = 0;

  /** @param evaluate - evaluates a spec that was not yet evaluated. */
  constructor(
    subject: Subject,
    readonly scope: Scope<StatsigExtras>,
    recorder: Recorder | null,
    evaluate: (spec: Spec, call: EvaluationCall) => Outcome,
  ) {
    this.configuration = scope.configuration as typeof scope.configuration & EvaluatedConfiguration; // always belongs to this dialect
    this.user = userOf(subject, scope);
    this.#recorder = recorder;
    this.#evaluate = evaluate;
  }

  /** Records the spec that is being evaluated. `null` for specs that others need. */
  get recorder(): Recorder | null {
    return this.#depth === 1 ? this.#recorder : null;
  }

  nowMs(): number {
    return this.scope.nowMs();
  }

  field(name: string): unknown {
    const value = this.configuration.sdk.fieldOf(this.user, name);
    if (value === undefined) this.scope.lacks?.(name);
    return value;
  }

  unit(idType: unknown): unknown {
    const id = this.configuration.sdk.unitOf(this.user, idType);
    if (id === undefined && typeof idType === "string") this.scope.lacks?.(idType);
    return id;
  }

  /** Evaluates a spec once. */
  outcomeOf(spec: Spec): Outcome {
    const known = this.#results.get(spec);
    if (known !== undefined) return known;
    if (++this.#depth > MAX_DEPTH) {
      const problem = `"${spec.name}" requires itself`;
      throw new EvaluationError("SORTITION_EVALUATION", spec.name, problem);
    }
    const outcome = this.#evaluate(spec, this);
    this.#depth -= 1;
    this.#results.set(spec, outcome);
    return outcome;
  }

  testGate(name: string, expected: boolean): Tested {
    const gate = this.configuration.gate(name);
    if (gate === null) return expected ? FAILS : HOLDS;
    const { kind, value } = this.outcomeOf(gate);
    if (kind === "unsupported") return UNSUPPORTED;
    if (kind === "unresolved") return UNRESOLVED;
    return value === expected ? HOLDS : FAILS;
  }

  groupOf(experiment: string): string | undefined {
    const spec = this.configuration.config(experiment);
    return spec === null ? undefined : (this.outcomeOf(spec).groupName ?? undefined);
  }
}
