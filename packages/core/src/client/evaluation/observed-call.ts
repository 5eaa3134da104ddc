import type { EvaluationError } from "../../errors/errors.js";
import type { Evaluation } from "../../model/evaluation.js";
import { originOf } from "../../model/evaluation-origin.js";
import type { ExposureBase } from "../../model/exposure.js";
import { type ObservedEvaluation, observedEvaluation } from "../../model/observed-evaluation.js";
import type { Observers } from "../../runtime/observers.js";
import type { Call } from "./call.js";

/** The result of a call, in addition to its evaluation. */
export interface CallResult {
  /** The value that the caller receives, or `undefined` if the call throws. */
  readonly value: unknown;
  /** The action that a bandit chose, if any. */
  readonly action?: string | null;
  /** The error of the bandit behind the flag, if it failed. */
  readonly error?: EvaluationError | null;
}

/**
 * Called after each evaluation, once its exposures are recorded. In strict mode, it is also called before a getter throws.
 * Unlike the users' observers, it receives the whole call. It must not throw, and must not keep the call, which is reused.
 */
export type CallObserver = (call: Call<object>, evaluation: Evaluation, result: CallResult) => void;

/** A {@link CallObserver} that is called before the users' observers, which are not called if it returns `false`. */
export type FirstObserver = (...observed: Parameters<CallObserver>) => unknown;

/** Combines two observers, which are called in order. */
export function bothObservers(first: FirstObserver, second: CallObserver | null): CallObserver {
  return (call, evaluation, result) => {
    if (first(call, evaluation, result) !== false) second?.(call, evaluation, result);
  };
}

/**
 * Notifies the users' observers of each call. Prerequisites whose exposures were logged are reported first.
 *
 * @param dialect - the name of the dialect.
 * @returns `null` if there are no observers.
 */
export function notifying(observers: Observers | null, dialect: string): CallObserver | null {
  if (observers === null) return null;
  return (call, evaluation, result) => notify(observers, dialect, call, evaluation, result);
}

function notify(
  observers: Observers,
  dialect: string,
  call: Call<object>,
  evaluation: Evaluation,
  result: CallResult,
): void {
  if (observers.isCalling) return;
  if (call.met !== null) {
    for (const exposure of call.met) observers.notify(prerequisiteOf(dialect, call, exposure));
  }
  const { flagKey, isBulk, override, served } = call;
  const { allocationKey, errorCode, isDefault, reason, variationKey } = originOf(call, evaluation);
  const { action = null, error = null, value } = result;
  observers.notify({
    flagKey,
    subjectKey: subjectKeyOf(call),
    value,
    variation: variationKey,
    allocation: allocationKey,
    action,
    isDefault,
    reason: error === null ? reason : "error",
    errorCode: error === null ? errorCode : error.code,
    configurationRevision: served?.revision ?? null,
    environment: served?.environment ?? null,
    dialect,
    isExposure: evaluation.kind !== "default" && evaluation.exposure !== null && override === null,
    isBulk,
    isPrerequisite: false,
  });
}

/** The evaluation of a prerequisite whose exposure was logged. */
function prerequisiteOf(
  dialect: string,
  call: Call<object>,
  { allocation, featureFlag, variation }: ExposureBase,
): ObservedEvaluation {
  const { flagKey, isBulk, served } = call;
  return observedEvaluation({
    flagKey: featureFlag ?? flagKey,
    subjectKey: subjectKeyOf(call),
    value: undefined,
    variation,
    allocation,
    isDefault: false,
    reason: "assigned",
    configurationRevision: served?.revision ?? null,
    environment: served?.environment ?? null,
    dialect,
    isExposure: true,
    isBulk,
    isPrerequisite: true,
  });
}

/** Returns `""` for a subject without a key, because `subject.key` is then only a value to hash. */
function subjectKeyOf({ isKeyless, subject }: Call<object>): string {
  return isKeyless ? "" : subject.key;
}
