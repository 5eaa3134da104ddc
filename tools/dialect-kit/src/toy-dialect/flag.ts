import {
  type CompiledFlag,
  type Evaluation,
  EvaluationError,
  type ExposureBase,
  type FlagCompiler,
  type How,
  howOf,
  murmur3Uint32,
  type Scope,
  type Subject,
  throwing,
} from "@sortition/core/dialect";
import type { ToyConfiguration } from "./configuration.js";
import { ToyTrace } from "./trace.js";
import { decodeFlag, type FlagWire, memberAt, type RuleWire, type TestWire } from "./wire.js";

/** The assignment of a rule, which is created once when the flag is compiled. */
type Choice = ExposureBase & { readonly variation: string; readonly how: How };

/** A decoded flag. It declares no type, because each variation has a value for each getter. */
export class ToyFlag implements CompiledFlag {
  readonly valueType = null;
  readonly #choices: readonly Choice[];

  constructor(
    readonly key: string,
    readonly wire: FlagWire,
  ) {
    this.#choices = wire.rules.map(({ cohort, percent, variation, when }, rule) => {
      const allocation = `rule-${rule}`;
      const facts = { hasConditions: cohort !== null || when.length > 0, isFirst: rule === 0 };
      const how = howOf({ ...facts, isSplit: () => percent < 100 });
      return { how, experiment: null, featureFlag: key, allocation, variation, extraLogging: {} };
    });
  }

  evaluate(subject: Subject, scope: Scope): Evaluation {
    const choice = this.choose(subject, scope);
    const type = scope.expectedType ?? "json";
    const value = choice && memberAt(this.wire.variations, [choice.variation, type]);
    if (choice === null || value === undefined) return { kind: "default", reason: "no-allocation" };
    const { allocation, how, variation } = choice;
    // The client checks that the value fits the getter, and parses `json` again for each caller.
    const json = type === "json" ? JSON.stringify(value) : null;
    return { kind: "assigned", reason: how, value, json, variation, allocation, exposure: choice };
  }

  /** @throws EvaluationError if flags require each other in a cycle. */
  choose(subject: Subject, scope: Scope): Choice | null {
    const underWay = scope.memo();
    if (underWay.has(this)) {
      throw new EvaluationError("SORTITION_EVALUATION", this.key, `"${this.key}" requires itself`);
    }
    underWay.set(this, true);
    const isMatch = (rule: RuleWire): boolean => matches(this.key, rule, subject, scope);
    const index = this.#isBlocked(subject, scope) ? -1 : this.wire.rules.findIndex(isMatch);
    underWay.delete(this);
    return this.#choices[index] ?? null;
  }

  #isBlocked(subject: Subject, scope: Scope): boolean {
    return this.wire.requires.some(([key, variation]) => {
      const flag = scope.configuration.flag(key);
      const choice = flag instanceof ToyFlag ? flag.choose(subject, scope) : null;
      // The subject is also assigned the required flag.
      if (choice !== null) scope.expose(choice);
      const isBlocked = choice?.variation !== variation;
      if (isBlocked && scope.trace instanceof ToyTrace) scope.trace.blockedBy = key;
      return isBlocked;
    });
  }
}

function matches(key: string, rule: RuleWire, subject: Subject, scope: Scope): boolean {
  // A flag outlives its configuration, so read the cohorts of the current one.
  const { cohorts } = scope.configuration as ToyConfiguration;
  const members = rule.cohort === null ? [subject.key] : memberAt(cohorts, [rule.cohort]);
  if (!Array.isArray(members) || !members.includes(subject.key)) return false;
  const isMatch = rule.when.every(([path, test]) =>
    passes(test, memberAt(subject.attributes, path.split("."))),
  );
  if (!isMatch || rule.percent === 100) return isMatch;
  scope.placed?.();
  return murmur3Uint32(`${key}.${subject.key}`) % 100 < rule.percent;
}

function passes({ expected, operator }: TestWire, value: unknown): boolean {
  if (operator === "in") return expected.includes(value);
  if (operator === "above") return typeof value === "number" && value > expected;
  return typeof value === "string" && value.startsWith(expected);
}

/** One object for all configurations, so that each adopts unchanged flags of the previous one. */
export const compiler: FlagCompiler<CompiledFlag> = {
  compile: ({ key, path, raw }) => new ToyFlag(key, decodeFlag(raw, path)),
  compileBroken: (key, error) => ({ key, valueType: null, evaluate: throwing(error) }),
};
