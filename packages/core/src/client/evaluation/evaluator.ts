import { plainOutcome } from "../../events/exposure-outcome.js";
import type { Attributes } from "../../model/attributes.js";
import { originOf } from "../../model/evaluation-origin.js";
import type { ValueType } from "../../model/flag.js";
import type { Trace } from "../../model/trace.js";
import { type OverrideMap, withFurther } from "../overrides.js";
import type { Answers } from "./answers.js";
import { type AssignmentDetails, furtherExposuresOf } from "./assignment-details.js";
import { Call } from "./call.js";
import { CallEvaluator, type EvaluatorOptions } from "./call-evaluator.js";
import type { EvaluationRequest } from "./evaluation-request.js";
import { bothObservers, type FirstObserver } from "./observed-call.js";
import type { Pin, SubjectRequest } from "./pin.js";
import { PinnedEvaluations } from "./pinned-evaluations.js";
import type { SubjectAnswers } from "./subject-answers.js";

/** Answers the getters of a client. Copies of the client have evaluators with other options. */
export class Evaluator<Details extends object> implements Answers<Details> {
  readonly calls: CallEvaluator<Details>;

  constructor(options: EvaluatorOptions<Details>, overrides: OverrideMap) {
    this.calls = new CallEvaluator(options, overrides);
  }

  /** Returns an evaluator of the same flags with other options, or other overrides. */
  with(
    options: Partial<EvaluatorOptions<Details>>,
    overrides: OverrideMap = this.calls.overrides,
  ): Evaluator<Details> {
    return evaluatorOf({ ...this.calls.options, ...options }, overrides);
  }

  /** Returns the same evaluator with an additional observer. */
  observedBy(observer: FirstObserver): Evaluator<Details> {
    return this.with({ onCall: bothObservers(observer, this.calls.options.onCall) });
  }

  /** Returns the assigned value, or the default. Throws only in strict mode. */
  assign<T>(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: T,
    type: ValueType,
  ): T {
    const calls = this.calls;
    const call = calls.take();
    call.begin(flagKey, subjectKey, attributes, type, calls.store.configuration, null);
    if (defaultValue === undefined || calls.mode.subjectChecks > 0) {
      calls.mistakes.noteDefault(call, defaultValue);
    }
    const evaluation = calls.evaluate(call);
    calls.exposures.record(call, evaluation, calls.eventDetails);
    const value = calls.valueOf(evaluation, call, defaultValue);
    if (calls.onCall !== null) calls.onCall(call, evaluation, { value });
    calls.release(call);
    return value;
  }

  subject(request: SubjectRequest): SubjectAnswers<Details> {
    const calls = this.calls;
    // Members are listed one by one, because copies of objects are slow to create and to read.
    const { attributes, extras, keepsExposures, subjectKey } = request;
    const pin: Pin = {
      subjectKey,
      attributes,
      extras,
      overrides: withFurther(calls.overrides, request.overrides),
      keepsExposures,
      configuration: calls.store.configuration,
    };
    return new PinnedEvaluations<Details>(calls, pin);
  }

  assignWithDetails<T>(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: T,
    type: ValueType,
  ): AssignmentDetails<T, Details> {
    const calls = this.calls;
    const trace = calls.dialect.createTrace();
    const call = calls.take();
    call.begin(flagKey, subjectKey, attributes, type, calls.store.configuration, trace);
    if (defaultValue === undefined || calls.mode.subjectChecks > 0) {
      calls.mistakes.noteDefault(call, defaultValue);
    }
    const outcome = this.#outcomeOf(call, trace, defaultValue);
    calls.release(call);
    return outcome;
  }

  /**
   * Like {@link assignWithDetails}, for a drop-in or an adapter. Mistakes are reported only to callers that name their getters.
   */
  evaluateFor(request: EvaluationRequest): AssignmentDetails<unknown, Details> {
    const { flagKey, subjectKey, subjectAttributes, defaultValue, getters } = request;
    const { expectedType = null, extras = null, isBulk = false } = request;
    const calls = this.calls;
    const trace = calls.dialect.createTrace();
    const call = new Call<Details>(calls.options.now, calls.mistakes);
    const served = calls.store.configuration;
    const isForNumber = expectedType === "number";
    const type = isForNumber ? "numeric" : expectedType;
    const isKeyless = !calls.dialect.needsSubjectKey && (subjectKey ?? null) === null;
    const key = isKeyless ? "" : (subjectKey as string); // other keys were rejected
    call.begin(flagKey, key, subjectAttributes, type, served, trace);
    call.extras = extras;
    call.isForNumber = isForNumber;
    call.isKeyless = isKeyless;
    call.hashKey = isKeyless ? "" : null;
    call.isBulk = isBulk;
    call.reportsMistakes = getters !== undefined;
    call.getters = getters ?? null;
    // An adapter's getter of JSON may have a default value of any type.
    if (type !== "json" && defaultValue !== undefined && calls.mode.subjectChecks > 0) {
      calls.mistakes.noteDefault(call, defaultValue);
    }
    return this.#outcomeOf(call, trace, defaultValue);
  }

  #outcomeOf<T>(
    call: Call<Details>,
    trace: Trace<Details>,
    defaultValue: T,
  ): AssignmentDetails<T, Details> {
    const calls = this.calls;
    const evaluation = calls.evaluate(call);
    // First, so that the last details that the dialect builds are those of this call.
    calls.exposures.recordMet(call, true);
    const evaluationDetails = calls.detailsOf(call, evaluation, trace);
    const exposure = calls.exposures.record(call, evaluation, evaluationDetails);
    const value = calls.valueOf(evaluation, call, defaultValue);
    if (calls.onCall !== null) calls.onCall(call, evaluation, { value });
    const { isDefault, reason, errorCode, variationKey, allocationKey } = originOf(
      call,
      evaluation,
    );
    // Members are listed one by one, because copying an object and adding members to the copy is slower.
    const details = {
      value,
      isDefault,
      reason,
      errorCode,
      variationKey,
      allocationKey,
      action: null,
      evaluationDetails,
      exposure: plainOutcome(exposure),
    };
    return call.metOutcomes === null ? details : { ...details, ...furtherExposuresOf(call) };
  }
}

// Outside the class, because bundlers rename a class that refers to itself.
function evaluatorOf<Details extends object>(
  options: EvaluatorOptions<Details>,
  overrides: OverrideMap,
): Evaluator<Details> {
  return new Evaluator(options, overrides);
}
