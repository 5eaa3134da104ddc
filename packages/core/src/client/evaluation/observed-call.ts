import type { Evaluation } from "../../model/evaluation.js";
import type { ExposureBase } from "../../model/exposure.js";
import { type ObservedEvaluation, observedEvaluation } from "../../model/observed-evaluation.js";
import type { Observers } from "../../runtime/observers.js";
import { noteOf, originOf } from "./assignment-details.js";
import type { Call } from "./call.js";
import type { EvaluationRequest } from "./evaluation-request.js";

/** Result of a call, besides its evaluation. */
export interface CallResult {
  /** Value that the caller receives; `undefined` if the call throws. */
  readonly value: unknown;
  /** As the caller gave it. Absent: the call throws. */
  readonly defaultValue?: unknown;
  /** Action that a bandit chose. Absent: none. */
  readonly action?: string | null;
  /** Reason of a bandit call. Absent: that of the evaluation. */
  readonly reason?: ObservedEvaluation["reason"];
}

/**
 * Called after each evaluation, once its exposures are recorded; in strict mode also before a getter throws. It sees the
 * whole call, unlike the observers of users. It must not throw, and must not keep the call, which is reused.
 */
export type CallObserver = (call: Call<object>, evaluation: Evaluation, result: CallResult) => void;

/** Calls one observer after the other. */
export function bothObservers(first: CallObserver | null, second: CallObserver): CallObserver {
  if (first === null) return second;
  return (call, evaluation, result) => {
    first(call, evaluation, result);
    second(call, evaluation, result);
  };
}

/** The request that repeats a call, of the flag behind a bandit call too. */
export function requestOf(call: Call<object>, { defaultValue }: CallResult): EvaluationRequest {
  const { expectedType, extras, flagKey, isBulk, isForNumber, isKeyless } = call;
  const { attributes, key } = call.subject;
  return {
    flagKey,
    subjectKey: isKeyless ? null : key,
    subjectAttributes: attributes,
    expectedType: isForNumber ? "number" : expectedType,
    defaultValue,
    extras,
    isBulk,
  };
}

/**
 * Notifies the observers of users of each call. Prerequisites whose exposures were logged come first.
 *
 * @param dialect - its name.
 * @returns `null` without observers.
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
  const { allocationKey, errorCause, how, reason, variationKey } = originOf(call, evaluation);
  const { action = null, reason: final = reason, value } = result;
  observers.notify({
    flagKey,
    subjectKey: subjectKeyOf(call),
    value,
    variation: variationKey,
    allocation: allocationKey,
    action,
    reason: final,
    how,
    note: noteOf(evaluation)?.note ?? null,
    errorCode: isErrorCode(final) ? final : null,
    errorCause,
    configurationRevision: served?.revision ?? null,
    environment: served?.environment ?? null,
    dialect,
    isExposure: evaluation.kind !== "default" && evaluation.exposure !== null && override === null,
    isBulk,
    isPrerequisite: false,
  });
}

/** The evaluation of another flag, whose exposure was logged on the way. */
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
    reason: "assigned",
    configurationRevision: served?.revision ?? null,
    environment: served?.environment ?? null,
    dialect,
    isExposure: true,
    isBulk,
    isPrerequisite: true,
  });
}

/** What a subject without a key was hashed by is no key of the subject. */
function subjectKeyOf({ isKeyless, subject }: Call<object>): string {
  return isKeyless ? "" : subject.key;
}

function isErrorCode(
  reason: ObservedEvaluation["reason"],
): reason is NonNullable<ObservedEvaluation["errorCode"]> {
  return reason.startsWith("SORTITION_");
}
