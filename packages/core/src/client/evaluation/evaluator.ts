import type { EvaluationError } from "../../errors/errors.js";
import { keyName } from "../../errors/guard.js";
import { type ExposureOutcome, NOT_LOGGED, plainOutcome } from "../../events/exposure-outcome.js";
import type { EventDetails, Exposures } from "../../events/exposures.js";
import { KeptExposure } from "../../events/kept-exposure.js";
import type { Attributes } from "../../model/attributes.js";
import type { Configuration } from "../../model/configuration.js";
import type { Dialect } from "../../model/dialect.js";
import type { Assigned, Evaluation } from "../../model/evaluation.js";
import { type EvaluationOrigin, originOf } from "../../model/evaluation-origin.js";
import type { ExposureBase } from "../../model/exposure.js";
import type { CompiledFlag, ValueType } from "../../model/flag.js";
import type { Override } from "../../model/override.js";
import type { Trace } from "../../model/trace.js";
import { SILENT_DIAGNOSTICS } from "../../runtime/diagnostics.js";
import type { ConfigurationStore } from "../lifecycle/configuration-store.js";
import { type OverrideMap, withFurther } from "../overrides.js";
import type { Answers } from "./answers.js";
import { type AssignmentDetails, furtherExposuresOf } from "./assignment-details.js";
import { Call } from "./call.js";
import { answerOf, detailsAfterwards } from "./call-details.js";
import { CallMistakes, type CallMistakesOptions } from "./call-mistakes.js";
import { asEvaluationError } from "./evaluation-errors.js";
import type { EvaluationMode } from "./evaluation-mode.js";
import type { EvaluationRequest, ExpectedType } from "./evaluation-request.js";
import { fitting } from "./fitting.js";
import { Mistakes } from "./mistakes.js";
import { bothObservers, type CallObserver, type CallResult } from "./observed-call.js";
import type { Pin, SubjectRequest } from "./pin.js";
import { PinnedEvaluations } from "./pinned-evaluations.js";
import { PinnedResult, type ResultDetails } from "./pinned-result.js";
import { resolveOverride, uncheckedOverride } from "./resolve-override.js";
import type { SubjectAnswers } from "./subject-answers.js";
import { WrongTypes, wrongType } from "./wrong-types.js";

/** An assignment with all its results. */
export interface AssignmentOutcome<T, Details extends object> extends EvaluationOrigin {
  readonly value: T;
  readonly call: Call<Details>;
  readonly evaluation: Evaluation;
  /** `null` unless details were requested. */
  readonly details: Details | null;
  readonly exposure: ExposureOutcome;
}

/** Dependencies of an {@link Evaluator}. Copies with overrides share them. */
export interface EvaluatorOptions<Details extends object>
  extends Omit<CallMistakesOptions, "readsNestedAttributes" | "takesEmptySubjectKey"> {
  readonly dialect: Dialect<Details>;
  readonly store: ConfigurationStore;
  readonly exposures: Exposures;
  readonly now: () => number;
  /** Whether events contain evaluation details even if the caller did not request them. */
  readonly includeDetails: boolean;
  /** `null`: calls are not observed. */
  readonly onCall: CallObserver | null;
  /** Whether overrides that do not fit the getter are ignored. Default: true. */
  readonly checksOverrides?: boolean;
}

const NOT_INITIALIZED: Evaluation = { kind: "default", reason: "not-initialized" };
const FLAG_NOT_FOUND: Evaluation = { kind: "default", reason: "flag-not-found" };

/** Evaluates flags for the typed getters: overrides, look-up, type check, evaluation and exposure. */
export class Evaluator<Details extends object> implements Answers<Details> {
  readonly overrides: OverrideMap;
  readonly mode: EvaluationMode;
  readonly #options: EvaluatorOptions<Details>;
  readonly #dialect: Dialect<Details>;
  readonly #store: ConfigurationStore;
  readonly #exposures: Exposures;
  readonly #mistakes: CallMistakes;
  readonly #includeDetails: boolean;
  readonly #onCall: CallObserver | null;
  readonly #wrongTypes = new WrongTypes();
  /** Adds details to the events of calls that did not request them. `null`: these events have none. */
  readonly #eventDetails: EventDetails | null;
  /** The last call that ended, kept for reuse so that most evaluations allocate nothing. */
  #spare: Call<Details> | null = null;
  /** Explains results of pinned subjects. Created for the first one. */
  #forDetails: Evaluator<Details> | null = null;

  constructor(options: EvaluatorOptions<Details>, overrides: OverrideMap) {
    this.#options = options;
    this.#dialect = options.dialect;
    this.#store = options.store;
    this.#exposures = options.exposures;
    const { readsNestedAttributes = true, takesEmptySubjectKey = false } = options.dialect;
    this.#mistakes = new CallMistakes({ ...options, readsNestedAttributes, takesEmptySubjectKey });
    this.#includeDetails = options.includeDetails;
    this.#onCall = options.onCall;
    this.#eventDetails = options.includeDetails
      ? // A call is the context of its exposures.
        (context) => detailsAfterwards(options.dialect, context as Call<Details>)
      : null;
    this.mode = options.mode;
    this.overrides = overrides;
  }

  /** Returns the same evaluator with other overrides. */
  withOverrides(overrides: OverrideMap): Evaluator<Details> {
    return evaluatorOf(this.#options, overrides);
  }

  /** Returns the same evaluator with other overrides, whose values are returned by any getter, as vendors' SDKs do. */
  withUncheckedOverrides(overrides: ReadonlyMap<string, Override>): Evaluator<Details> {
    return evaluatorOf({ ...this.#options, checksOverrides: false }, overrides);
  }

  /** Returns the same evaluator with other exposures and its own mode. */
  over(exposures: Exposures): Evaluator<Details> {
    return evaluatorOf({ ...this.#options, exposures, mode: { ...this.mode } }, this.overrides);
  }

  /** Returns the same evaluator with an additional observer, which is called after the others. */
  observedBy(observer: CallObserver): Evaluator<Details> {
    const onCall = bothObservers(this.#onCall, observer);
    return evaluatorOf({ ...this.#options, onCall }, this.overrides);
  }

  /**
   * Returns the same evaluator without effects that callers or operators would notice: it is not observed, does not
   * throw, and neither counts nor reports mistakes.
   *
   * @param exposures - used only by the mute evaluator, like `mistakes`.
   */
  mute(exposures: Exposures, mistakes: Mistakes): Evaluator<Details> {
    return evaluatorOf(
      {
        ...this.#options,
        exposures,
        mistakes,
        diagnostics: SILENT_DIAGNOSTICS,
        mode: { isGraceful: true, hasReportedEarlyCall: true, subjectChecks: 0 },
        includeDetails: false,
        onCall: null,
      },
      this.overrides,
    );
  }

  /** Returns the assigned value, or the default. Throws only in strict mode. */
  assign<T>(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: T,
    type: ValueType,
  ): T {
    const call = this.#spare ?? new Call<Details>(this.#options.now, this.#mistakes);
    this.#spare = null; // a nested evaluation (e.g. from a logger) allocates its own call
    call.begin(flagKey, subjectKey, attributes, type, this.#store.configuration, null);
    if (defaultValue === undefined) this.#mistakes.noteOrder(call);
    const evaluation = this.#evaluate(call);
    this.#record(call, evaluation, this.#eventDetails);
    const value = this.#valueOf(evaluation, call, defaultValue);
    if (this.#onCall !== null) this.#onCall(call, evaluation, { value, defaultValue });
    call.end();
    this.#spare = call;
    return value;
  }

  subject(request: SubjectRequest): SubjectAnswers<Details> {
    // Members are listed one by one, because copies of objects are slow to create and to read.
    const { attributes, extras, keepsExposures, subjectKey } = request;
    const pin: Pin = {
      subjectKey,
      attributes,
      extras,
      overrides: withFurther(this.overrides, request.overrides),
      keepsExposures,
      configuration: this.#store.configuration,
    };
    return new PinnedEvaluations<Details>(this, pin);
  }

  /** Evaluates a flag for a pinned subject. Throws only in strict mode. */
  answerPinned(
    pin: Pin,
    flagKey: string,
    type: ExpectedType,
    defaultValue: unknown,
    by: ResultDetails<Details>,
  ): PinnedResult<Details> {
    const call = this.#spare ?? new Call<Details>(this.#options.now, this.#mistakes);
    this.#spare = null;
    call.beginPinned(pin, flagKey, type, null);
    let evaluation: Evaluation;
    try {
      evaluation = this.#evaluate(call);
    } catch (error) {
      for (const it of call.kept ?? []) it.drop(); // the result is not remembered
      throw error;
    }
    const exposure = this.#record(call, evaluation, this.#eventDetails);
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
      by,
    });
    if (this.#onCall !== null) {
      this.#onCall(call, evaluation, { value: result.read(defaultValue), defaultValue });
    }
    call.end();
    this.#spare = call;
    return result;
  }

  /** Evaluates a flag for a pinned subject again, without effects. */
  detailsOfPinned<T>(
    pin: Pin,
    flagKey: string,
    type: ExpectedType,
    defaultValue: T,
  ): AssignmentDetails<T, Details> {
    this.#forDetails ??= this.mute(this.#exposures, new Mistakes(SILENT_DIAGNOSTICS));
    return this.#forDetails.#explainPinned(pin, flagKey, type, defaultValue);
  }

  #explainPinned<T>(
    pin: Pin,
    flagKey: string,
    type: ExpectedType,
    defaultValue: T,
  ): AssignmentDetails<T, Details> {
    const trace = this.#dialect.createTrace();
    const call = new Call<Details>(this.#options.now);
    call.beginPinned(pin, flagKey, type, trace);
    const evaluation = this.#evaluate(call);
    return {
      value: this.#valueOf(evaluation, call, defaultValue),
      ...originOf(call, evaluation),
      action: null,
      evaluationDetails: this.#detailsOf(call, evaluation, trace),
      exposure: NOT_LOGGED.default,
    };
  }

  /** Reports that an exposure was requested of a flag that was not read. */
  noteUnread(flagKey: string): void {
    this.#mistakes.noteUnread(flagKey);
  }

  assignWithDetails<T>(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: T,
    type: ValueType,
  ): AssignmentDetails<T, Details> {
    const trace = this.#dialect.createTrace();
    const call = this.#spare ?? new Call<Details>(this.#options.now, this.#mistakes);
    this.#spare = null;
    call.begin(flagKey, subjectKey, attributes, type, this.#store.configuration, trace);
    if (defaultValue === undefined) this.#mistakes.noteOrder(call);
    const outcome = this.#outcomeOf(call, trace, defaultValue);
    call.end();
    this.#spare = call;
    return outcome;
  }

  /**
   * Like {@link assignWithDetails}, for a drop-in. Mistakes are counted but not reported, because the drop-in has its
   * own messages.
   */
  evaluateFor({
    flagKey,
    subjectKey,
    subjectAttributes,
    expectedType = null,
    defaultValue,
    extras = null,
    isBulk = false,
  }: EvaluationRequest): AssignmentDetails<unknown, Details> {
    const trace = this.#dialect.createTrace();
    const call = new Call<Details>(this.#options.now, this.#mistakes);
    const served = this.#store.configuration;
    const isForNumber = expectedType === "number";
    const type = isForNumber ? "numeric" : expectedType;
    const isKeyless = !this.#dialect.needsSubjectKey && (subjectKey ?? null) === null;
    const key = isKeyless ? "" : (subjectKey as string); // other keys were rejected
    call.begin(flagKey, key, subjectAttributes, type, served, trace);
    call.extras = extras;
    call.isForNumber = isForNumber;
    call.isKeyless = isKeyless;
    call.isBulk = isBulk;
    call.reportsMistakes = false;
    return this.#outcomeOf(call, trace, defaultValue);
  }

  #outcomeOf<T>(
    call: Call<Details>,
    trace: Trace<Details>,
    defaultValue: T,
  ): AssignmentDetails<T, Details> {
    const evaluation = this.#evaluate(call);
    const evaluationDetails = this.#detailsOf(call, evaluation, trace);
    const logged = call.isKeyless ? loggable(call, evaluation) : evaluation;
    const exposure = this.#record(call, logged, evaluationDetails);
    const value = this.#valueOf(evaluation, call, defaultValue);
    if (this.#onCall !== null) this.#onCall(call, evaluation, { value, defaultValue });
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

  /**
   * Returns the assignment of a bandit call, with details if the caller or the client's options request them.
   *
   * @param readAttributes - may throw, because the caller's attributes may have getters.
   */
  assignForBandit(
    flagKey: string,
    subjectKey: string,
    readAttributes: () => Attributes,
    defaultValue: string,
    wantsDetails: boolean,
  ): AssignmentOutcome<string, Details> {
    const trace = wantsDetails || this.#includeDetails ? this.#dialect.createTrace() : null;
    const call = new Call<Details>(this.#options.now, this.#mistakes);
    call.begin(flagKey, subjectKey, null, "string", this.#store.configuration, trace);
    call.isForBandit = true;
    let failure: Evaluation | null = null;
    try {
      call.subject.attributes = readAttributes();
    } catch (cause) {
      failure = this.#failed(cause, call);
    }
    const evaluation = failure ?? this.#evaluate(call);
    const details = trace === null ? null : this.#detailsOf(call, evaluation, trace);
    return {
      value: this.#valueOf(evaluation, call, defaultValue),
      call,
      evaluation,
      ...originOf(call, evaluation),
      details,
      exposure: this.#record(call, evaluation, details),
    };
  }

  /** Reports actions that no bandit can choose from. */
  noteActions(flagKey: string, actions: unknown): void {
    this.#mistakes.noteActions(flagKey, actions);
  }

  /** Notifies the observers of a bandit call when its action is known. */
  observeBandit(
    { call, evaluation }: AssignmentOutcome<string, Details>,
    result: CallResult,
  ): void {
    this.#onCall?.(call, evaluation, result);
  }

  /**
   * Counts and reports that the bandit behind a flag failed. Throws in strict mode.
   *
   * @param asked - the assignment, or `null` without one.
   */
  banditFailed(
    cause: unknown,
    flagKey: string,
    asked: AssignmentOutcome<string, Details> | null,
  ): EvaluationError {
    const error = asEvaluationError(cause, flagKey);
    this.#mistakes.noteError(error, flagKey, true);
    if (this.mode.isGraceful) return error;
    if (asked !== null) {
      this.#onCall?.(asked.call, asked.evaluation, { value: undefined, error });
    }
    throw error;
  }

  // Rare cases are in separate functions, because the engine only inlines small functions.
  #evaluate(call: Call<Details>): Evaluation {
    const { flagKey, subject, expectedType, served } = call;
    try {
      if (isUnusual(subject.key) || isUnusual(flagKey) || typeof subject.attributes !== "object") {
        this.#mistakes.checkArguments(call);
      }
      if (this.mode.subjectChecks > 0) this.#mistakes.checkSubject(call);
      const overrides = call.pin === null ? this.overrides : call.pin.overrides;
      if (overrides.size > 0) {
        const override = overrides.get(flagKey);
        const overridden = override === undefined ? null : this.#override(call, override);
        if (overridden !== null) return overridden;
      }
      if (served === null) {
        this.#mistakes.noteEarly(flagKey);
        return NOT_INITIALIZED;
      }
      const flag = served.flag(flagKey);
      if (flag === null) return FLAG_NOT_FOUND;
      call.flag = flag;
      if (flag.valueType === expectedType && expectedType !== null) {
        return flag.evaluate(subject, call);
      }
      return this.#evaluateOtherType(flag, call);
    } catch (cause) {
      return this.#failed(cause, call);
    }
  }

  /** Returns the evaluation of an override, or `null` if it is ignored. */
  #override(call: Call<Details>, given: string | Override): Evaluation | null {
    const { expectedType, flagKey, served } = call;
    if (typeof given !== "string" && this.#options.checksOverrides === false) {
      call.override = given;
      call.flag = call.trace === null ? null : findFlag(served, flagKey);
      return uncheckedOverride(given, expectedType);
    }
    const flag = findFlag(served, flagKey);
    const resolved = resolveOverride(given, flag, expectedType);
    if ("problem" in resolved) {
      this.#mistakes.noteIgnoredOverride(call, resolved.problem);
      return null;
    }
    call.override = resolved.override;
    call.flag = flag;
    return resolved.evaluation;
  }

  #evaluateOtherType(flag: CompiledFlag, call: Call<Details>): Evaluation {
    const { expectedType, flagKey, subject } = call;
    return flag.valueType === null || expectedType === null
      ? fitting(flag.evaluate(subject, call), flagKey, expectedType)
      : this.#evaluateWrongType(flag, expectedType, call);
  }

  /** Evaluates a flag of another type than the getter. The getter for numbers also accepts integer flags. */
  #evaluateWrongType(flag: CompiledFlag, type: ValueType, call: Call<Details>): Evaluation {
    const { isForNumber, subject } = call;
    if (isForNumber && flag.valueType === "integer") {
      call.expectedType = "integer";
      return flag.evaluate(subject, call);
    }
    const expected = isForNumber ? "number" : type;
    if (!this.mode.isGraceful) throw wrongType(flag, expected);
    return this.#wrongTypes.of(flag, expected);
  }

  /** Throws in strict mode, after the exposures of other flags were recorded. */
  #failed(cause: unknown, call: Call<Details>): Evaluation {
    const error = asEvaluationError(cause, call.flagKey);
    const evaluation: Evaluation = { kind: "error", error, exposure: null };
    if (this.mode.isGraceful) return evaluation;
    this.#record(call, evaluation, null);
    return this.#throw(error, call);
  }

  /** Throws the error, after the observers were called. */
  #throw(error: EvaluationError, call: Call<Details>): never {
    const evaluation: Evaluation = { kind: "error", error, exposure: null };
    this.#onCall?.(call, evaluation, { value: undefined });
    throw error;
  }

  /**
   * If building the details throws, e.g. because a value cannot be converted to a string, the value is still returned.
   */
  #detailsOf(call: Call<Details>, evaluation: Evaluation, trace: Trace<Details>): Details {
    try {
      return trace.details(answerOf(call, evaluation));
    } catch (cause) {
      const error = asEvaluationError(cause, call.flagKey);
      if (!this.mode.isGraceful) this.#throw(error, call);
      return this.#dialect.createTrace().details({
        ...answerOf(call, { kind: "error", error, exposure: null }),
        flagKey: keyName(call.flagKey),
        subjectKey: keyName(call.subject.key),
        flag: null,
      });
    }
  }

  #record(
    call: Call<Details>,
    evaluation: Evaluation,
    details: object | EventDetails | null,
  ): ExposureOutcome {
    if (call.override !== null) return NOT_LOGGED.override;
    if (call.met !== null) this.#recordMet(call, call.met, details);
    if (evaluation.kind === "default") {
      const { reason } = evaluation;
      if (reason === "not-initialized") return NOT_LOGGED.notInitialized;
      if (reason === "flag-not-found") this.#mistakes.noteUnknown(call);
      else this.#mistakes.noteUnmatched(call);
      return NOT_LOGGED.default;
    }
    if (evaluation.kind === "error") {
      this.#mistakes.noteError(evaluation.error, call.flagKey, call.reportsMistakes, call);
    }
    if (evaluation.exposure !== null) return this.#expose(evaluation.exposure, call, details);
    return evaluation.kind === "error" ? NOT_LOGGED.default : this.#exposures.noteNotLoggable();
  }

  #expose(
    base: ExposureBase,
    call: Call<Details>,
    details: object | EventDetails | null,
  ): ExposureOutcome {
    const { pin } = call;
    if (pin === null || !pin.keepsExposures) return this.#exposures.record(base, call, details);
    return this.#keep(base, call, pin, details);
  }

  /** Keeps an exposure until it is shown. The call is copied, because it is reused. */
  #keep(
    base: ExposureBase,
    call: Call<Details>,
    { attributes }: Pin,
    details: object | EventDetails | null,
  ): ExposureOutcome {
    const { configuration, flagKey, subject } = call;
    const { now } = this.#options;
    const context = {
      flagKey,
      configuration,
      subject: { key: subject.key, attributes },
      nowMs: now,
    };
    const own = typeof details === "function" ? (details as EventDetails)(call) : details;
    call.kept ??= [];
    call.kept.push(new KeptExposure(this.#exposures, base, context, own));
    return NOT_LOGGED.unshown;
  }

  #recordMet(
    call: Call<Details>,
    met: NonNullable<Call<Details>["met"]>,
    details: object | EventDetails | null,
  ): void {
    const { hashKey, metKeys, subject } = call;
    call.metOutcomes = met.map((exposure, i) => {
      if (metKeys === null) return this.#expose(exposure, call, details);
      subject.key = metKeys[i] ?? "";
      if (subject.key === "") return this.#exposures.noteNotLoggable();
      return this.#expose(exposure, call, details);
    });
    if (metKeys !== null) subject.key = hashKey;
  }

  #valueOf<T>(evaluation: Evaluation, call: Call<Details>, defaultValue: T): T {
    if (evaluation.kind !== "assigned") return defaultValue;
    const { json } = evaluation;
    // The type fits the getter, except for overrides that are not checked.
    const value = json === null ? evaluation.value : this.#parsed(json, call);
    if (value !== null && value !== undefined) return value as T;
    return value === null && acceptsNull(call) ? (value as T) : defaultValue;
  }

  #parsed(json: string, call: Call<Details>): unknown {
    try {
      return JSON.parse(json);
    } catch (cause) {
      // Only the JSON of an override may be malformed.
      if (!this.mode.isGraceful) this.#throw(asEvaluationError(cause, call.flagKey), call);
      return undefined;
    }
  }
}

/** Quirk: `null` means the default value (eppo). If types are checked on the value, `null` is an ordinary value. */
function acceptsNull({ flag, override }: Call<object>): boolean {
  return flag?.valueType === null && override === null;
}

/** Whether the caller gets its default although a variation was assigned. */
function isAbsent({ json, value }: Assigned, call: Call<object>): boolean {
  const isNull = json === null ? value === null : json.trim() === "null";
  return (json === null && value === undefined) || (isNull && !acceptsNull(call));
}

/** Whether a key is not a non-empty string. */
function isUnusual(key: unknown): boolean {
  return typeof key !== "string" || key.length === 0;
}

/**
 * Sets the hashed value as the subject of an exposure without a subject key, or drops the exposure if there is none.
 */
function loggable(call: Call<object>, evaluation: Evaluation): Evaluation {
  call.subject.key = call.hashKey;
  return call.hashKey === "" && evaluation.kind === "assigned"
    ? { ...evaluation, exposure: null }
    : evaluation;
}

// Outside the class, because bundlers rename a class that refers to itself.
function evaluatorOf<Details extends object>(
  options: EvaluatorOptions<Details>,
  overrides: OverrideMap,
): Evaluator<Details> {
  return new Evaluator(options, overrides);
}

/** Returns an overridden flag. A key that cannot be hashed belongs to no flag. */
function findFlag(served: Configuration | null, flagKey: string): CompiledFlag | null {
  try {
    return served === null ? null : served.flag(flagKey);
  } catch {
    return null;
  }
}
