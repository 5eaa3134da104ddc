import { NOT_LOGGED } from "../../events/exposure-outcome.js";
import { originOf } from "../../model/evaluation-origin.js";
import type { AssignmentDetails } from "./assignment-details.js";
import { Call } from "./call.js";
import type { CallEvaluator } from "./call-evaluator.js";
import type { ExpectedType } from "./evaluation-request.js";
import type { Getters } from "./mistake-texts.js";
import { isAbsent } from "./null-values.js";
import type { Pin } from "./pin.js";
import { PinnedResult, type ResultDetails } from "./pinned-result.js";
import type { SubjectAnswers } from "./subject-answers.js";

/** Evaluates flags for a pinned subject. */
export class PinnedEvaluations<Details extends object>
  implements SubjectAnswers<Details>, ResultDetails<Details>
{
  readonly #calls: CallEvaluator<Details>;
  readonly #pin: Pin;

  constructor(calls: CallEvaluator<Details>, pin: Pin) {
    this.#calls = calls;
    this.#pin = pin;
  }

  answer(
    flagKey: string,
    type: ExpectedType,
    defaultValue: unknown,
    wantsDetails: boolean,
    getters: Getters | null,
  ): PinnedResult<Details> {
    const calls = this.#calls;
    const call = calls.take();
    call.getters = getters;
    call.beginPinned(this.#pin, flagKey, type, null);
    if (defaultValue === undefined || calls.mode.subjectChecks > 0) {
      calls.mistakes.noteDefault(call, defaultValue);
    }
    const evaluation = calls.evaluate(call);
    const details = wantsDetails ? calls.laterDetails : calls.eventDetails;
    const exposure = calls.exposures.record(call, evaluation, details);
    const assigned =
      evaluation.kind === "assigned" && !isAbsent(evaluation, call) ? evaluation : null;
    const result = new PinnedResult<Details>({
      flagKey,
      type,
      isDefault: assigned === null,
      value: assigned?.value,
      json: assigned?.json ?? null,
      exposure,
      further: call.metOutcomes,
      kept: call.kept,
      by: this,
    });
    for (const it of call.kept ?? []) it.noteKept();
    if (calls.onCall !== null) {
      calls.onCall(call, evaluation, { value: result.read(defaultValue) });
    }
    call.getters = null;
    calls.release(call);
    return result;
  }

  details<T>(flagKey: string, type: ExpectedType, defaultValue: T): AssignmentDetails<T, Details> {
    const calls = this.#calls.silent();
    const trace = calls.dialect.createTrace();
    const call = new Call<Details>(calls.options.now);
    call.beginPinned(this.#pin, flagKey, type, trace);
    const evaluation = calls.evaluate(call);
    return {
      value: calls.valueOf(evaluation, call, defaultValue),
      ...originOf(call, evaluation),
      action: null,
      evaluationDetails: calls.detailsOf(call, evaluation, trace),
      exposure: NOT_LOGGED.default,
    };
  }

  noteUnread(flagKey: string, read: readonly string[]): void {
    this.#calls.mistakes.noteUnread(flagKey, read);
  }
}
