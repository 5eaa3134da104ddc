import type { EvaluationOrigin } from "./evaluation-origin.js";

/** The result of one evaluation, as passed to observers. Each evaluation creates a new object. */
export interface ObservedEvaluation
  extends Pick<EvaluationOrigin, "isDefault" | "reason" | "errorCode"> {
  readonly flagKey: string;
  /** Subject key, or `""` for a subject without a key. */
  readonly subjectKey: string;
  /** The value that the caller receives. `undefined` if the call throws, and for prerequisites. */
  readonly value: unknown;
  /** Key of the assigned variation, or `null` if there is none. */
  readonly variation: string | null;
  /** The allocation or rule that assigned the variation, or `null` if the vendor does not name it. */
  readonly allocation: string | null;
  /** The action that a bandit chose, or `null` without a bandit. */
  readonly action: string | null;
  /** Revision of the evaluated configuration, or `null` if there is none. */
  readonly configurationRevision: string | null;
  /** Name of the vendor's environment in the evaluated configuration, or `null` if it has none. */
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
 * Called synchronously after each evaluation. If it throws or rejects, the failure is reported once for each cause, and the
 * evaluation is unaffected. Evaluations inside an observer are not observed.
 */
export type EvaluationObserver = (evaluation: ObservedEvaluation) => unknown;

type Required =
  | ("flagKey" | "subjectKey" | "value" | "isDefault" | "reason")
  | ("dialect" | "isExposure");

/** The facts about an evaluation that packages without their own client report. */
export type ObservedFacts = Pick<ObservedEvaluation, Required> &
  Partial<Omit<ObservedEvaluation, Required>>;

/** Fills in the missing members of an evaluation. */
export function observedEvaluation(facts: ObservedFacts): ObservedEvaluation {
  return {
    flagKey: facts.flagKey,
    subjectKey: facts.subjectKey,
    value: facts.value,
    variation: facts.variation ?? null,
    allocation: facts.allocation ?? null,
    action: facts.action ?? null,
    isDefault: facts.isDefault,
    reason: facts.reason,
    errorCode: facts.errorCode ?? null,
    configurationRevision: facts.configurationRevision ?? null,
    environment: facts.environment ?? null,
    dialect: facts.dialect,
    isExposure: facts.isExposure,
    isBulk: facts.isBulk ?? false,
    isPrerequisite: facts.isPrerequisite ?? false,
  };
}

/** Returns whether the configuration has no such flag, or is missing, so that the key may be any string. */
export function hasUnknownKey({
  configurationRevision,
  errorCode,
  reason,
}: Pick<ObservedEvaluation, "configurationRevision" | "errorCode" | "reason">): boolean {
  return (
    reason === "flag-not-found" ||
    reason === "not-initialized" ||
    errorCode === "SORTITION_INVALID_ARGUMENT" ||
    (reason === "unresolved" && configurationRevision === null)
  );
}
