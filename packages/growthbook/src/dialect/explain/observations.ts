import { compilePath } from "../condition/path.js";
import { truthyValueOf } from "../evaluation/attributes.js";
import { EvaluationCall } from "../evaluation/evaluation-call.js";
import type { CompiledRule } from "../evaluation/feature/rule.js";
import type { TestedPart } from "../evaluation/observer.js";

/** The observation of one part of a rule. */
export interface Observation {
  /** See `TestedPart`. */
  readonly outcome: number;
  /** Reads the value that the subject's attribute had at the time of the test. */
  readonly valueOf: (attribute: string) => unknown;
}

/** All tests of one evaluation. */
export class Observations {
  /** Rules that were tried, including rules of prerequisites. */
  readonly rules: Set<object> = new Set();
  readonly #tests = new Map<object, Map<TestedPart, Observation>>();

  readonly reached = (rule: object): void => {
    this.rules.add(rule);
  };

  readonly tested = (
    owner: object,
    part: TestedPart,
    outcome: number,
    context: EvaluationCall,
  ): void => {
    const tests = this.#tests.get(owner) ?? new Map<TestedPart, Observation>();
    this.#tests.set(owner, tests);
    tests.set(part, { outcome, valueOf: readerOf(part, context) });
  };

  /** Returns the observation of a part of a rule or of its experiment. */
  of(rule: CompiledRule, part: TestedPart): Observation | null {
    const experiment = rule.effect?.kind === "experiment" ? rule.effect.experiment : null;
    const own = this.#tests.get(rule)?.get(part);
    const inner = experiment === null ? undefined : this.#tests.get(experiment)?.get(part);
    return own ?? inner ?? null;
  }
}

/** Captures the state that explanations may show, because later calls reuse the context. */
function readerOf(part: TestedPart, context: EvaluationCall): (attribute: string) => unknown {
  if (part === "parents") {
    const { value } = context.parent;
    return () => value;
  }
  const { attributeOverrides, attributes, subjectKey } = context;
  const call = Object.assign(new EvaluationCall(), { attributeOverrides, attributes, subjectKey });
  return (attribute) =>
    part === "condition" ? compilePath(attribute)(call, call) : truthyValueOf(call, attribute);
}
