import type { Evaluation } from "../../model/evaluation.js";
import type { ExposureBase } from "../../model/exposure.js";
import { type ObservedEvaluation, observedEvaluation } from "../../model/observed-evaluation.js";
import type { Observers } from "../../runtime/observers.js";
import { noteOf, originOf } from "./assignment-details.js";
import type { Call } from "./call.js";

/** Result of a call, besides its evaluation. */
export interface ObservedResult {
  /** Value that the caller receives; `undefined` if the call throws. */
  readonly value: unknown;
  /** Action that a bandit chose. Absent: none. */
  readonly action?: string | null;
  /** Reason of a bandit call. Absent: that of the evaluation. */
  readonly reason?: ObservedEvaluation["reason"];
}

/**
 * Notifies observers of a call, after its exposures are recorded. Prerequisites whose exposures were logged come first.
 *
 * @param dialect - its name.
 */
export function notifyOfCall(
  observers: Observers,
  dialect: string,
  call: Call<object>,
  evaluation: Evaluation,
  result: ObservedResult,
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
