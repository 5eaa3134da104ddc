import type { EvaluationErrorCode } from "../errors/errors.js";
import type { DefaultReason, EvaluationNote, How } from "./evaluation.js";

/** Result of one evaluation, as observers receive it. A new object for each evaluation. */
export interface ObservedEvaluation {
  readonly flagKey: string;
  /** Key of the subject; `""` for a subject without a key. */
  readonly subjectKey: string;
  /** Value that the caller receives; `undefined` if the call throws, and for prerequisites. */
  readonly value: unknown;
  /** Key of the assigned variation; `null` without one. */
  readonly variation: string | null;
  /** What the variation was assigned through; `null` if the vendor does not name it. */
  readonly allocation: string | null;
  /** Action that a bandit chose; `null` without a bandit. */
  readonly action: string | null;
  /** `assigned`, why the caller receives the default, or the code of the error. The same words in all dialects. */
  readonly reason: "assigned" | DefaultReason | EvaluationErrorCode;
  /** How the value was assigned; `null` for defaults and errors. */
  readonly how: How | "override" | null;
  /** Additional fact about the reason; `null` without one. */
  readonly note: EvaluationNote | null;
  readonly errorCode: EvaluationErrorCode | null;
  /** What made the evaluation fail, if it is known: the flag is malformed. */
  readonly errorCause: "SORTITION_DECODE" | null;
  /** Revision of the evaluated configuration; `null` without one. */
  readonly configurationRevision: string | null;
  /** Name of the vendor's environment, of the evaluated configuration; `null` without one. */
  readonly environment: string | null;
  /** Name of the dialect: `eppo`, `growthbook`, … */
  readonly dialect: string;
  /** Whether the variation belongs to an experiment, so that its first evaluation is logged as an exposure. */
  readonly isExposure: boolean;
  /** Whether the caller evaluated several flags at once. */
  readonly isBulk: boolean;
  /** Whether the flag was evaluated only because another flag depends on it. */
  readonly isPrerequisite: boolean;
}

/**
 * Called synchronously after each evaluation. If it throws or rejects, this is reported once and changes nothing.
 * Evaluations that it makes itself are not observed.
 */
export type EvaluationObserver = (evaluation: ObservedEvaluation) => unknown;

type Required = "flagKey" | "subjectKey" | "value" | "reason" | "dialect" | "isExposure";

/** Members of an evaluation that a package without a client of its own reports. */
export type ObservedFacts = Pick<ObservedEvaluation, Required> &
  Partial<Omit<ObservedEvaluation, Required>>;

/** Fills in the members that an evaluation does not have. */
export function observedEvaluation(facts: ObservedFacts): ObservedEvaluation {
  return {
    flagKey: facts.flagKey,
    subjectKey: facts.subjectKey,
    value: facts.value,
    variation: facts.variation ?? null,
    allocation: facts.allocation ?? null,
    action: facts.action ?? null,
    reason: facts.reason,
    how: facts.how ?? null,
    note: facts.note ?? null,
    errorCode: facts.errorCode ?? null,
    errorCause: facts.errorCause ?? null,
    configurationRevision: facts.configurationRevision ?? null,
    environment: facts.environment ?? null,
    dialect: facts.dialect,
    isExposure: facts.isExposure,
    isBulk: facts.isBulk ?? false,
    isPrerequisite: facts.isPrerequisite ?? false,
  };
}
