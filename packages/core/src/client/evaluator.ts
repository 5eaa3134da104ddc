import { flattened } from "../conditions/bandit-subject.js";
import { EvaluationError, type EvaluationErrorCode } from "../errors/errors.js";
import { messageOf } from "../errors/guard.js";
import { type ExposureOutcome, notLogged } from "../events/exposure-outcome.js";
import type { Exposures } from "../events/exposures.js";
import type { Attributes } from "../model/attributes.js";
import type { BanditSubject } from "../model/bandit.js";
import type { Dialect } from "../model/dialect.js";
import type { DefaultReason, Evaluation } from "../model/evaluation.js";
import type { CompiledFlag, ValueType } from "../model/flag.js";
import type { Override } from "../model/override.js";
import type { Trace } from "../model/trace.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import { Call } from "./call.js";
import type { ConfigurationStore } from "./configuration-store.js";

/** A value, and why it is that one. */
export interface AssignmentDetails<T, Details = object> {
  readonly variation: T;
  /** Set by bandits only. */
  readonly action: null;
  /** The dialect's own record of the evaluation. */
  readonly evaluationDetails: Details;
  /** The same for all dialects: assigned, why not, or the code of the error. */
  readonly reason: "assigned" | DefaultReason | EvaluationErrorCode;
  readonly exposure: ExposureOutcome;
}

/** One assignment, and all that came of it, for whoever goes on from there. */
export interface Asked<T, Details extends object> {
  readonly value: T;
  readonly call: Call<Details>;
  readonly reason: AssignmentDetails<T>["reason"];
  /** `null` unless somebody wants them. */
  readonly details: Details | null;
  readonly exposure: ExposureOutcome;
}

const NOT_INITIALIZED: Evaluation = { kind: "default", reason: "not-initialized" };
const FLAG_NOT_FOUND: Evaluation = { kind: "default", reason: "flag-not-found" };

/** Answers the typed getters: overrides, look-up, type check, evaluation, exposure. */
export class Evaluator<Details extends object> {
  isGraceful: boolean;
  readonly #dialect: Dialect<Details>;
  readonly #store: ConfigurationStore;
  readonly #exposures: Exposures;
  readonly #diagnostics: Diagnostics;
  readonly #now: () => number;
  readonly #includeDetails: boolean;
  /** The last call that is over: most evaluations allocate nothing. */
  #spare: Call<Details> | null = null;
  #hasReportedEarlyCall = false;

  constructor(options: {
    readonly dialect: Dialect<Details>;
    readonly store: ConfigurationStore;
    readonly exposures: Exposures;
    readonly diagnostics: Diagnostics;
    readonly now: () => number;
    readonly isGraceful: boolean;
    /** Whether events carry the record of details also when the caller did not ask for it. */
    readonly includeDetails: boolean;
  }) {
    this.#dialect = options.dialect;
    this.#store = options.store;
    this.#exposures = options.exposures;
    this.#diagnostics = options.diagnostics;
    this.#now = options.now;
    this.isGraceful = options.isGraceful;
    this.#includeDetails = options.includeDetails;
  }

  /** The assigned value, or the default. Throws in strict mode only. */
  assign<T>(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: T,
    type: ValueType,
    overrides: ReadonlyMap<string, Override>,
  ): T {
    const trace = this.#includeDetails ? this.#dialect.createTrace() : null;
    const call = this.#spare ?? new Call<Details>(this.#now);
    this.#spare = null; // an evaluation inside this one, of a logger's say, has a call of its own
    call.begin(flagKey, subjectKey, attributes, type, this.#store.configuration, trace);
    const evaluation = this.#evaluate(call, overrides);
    const details = trace === null ? null : this.#detailsOf(call, evaluation, trace);
    this.#record(call, evaluation, details);
    call.end();
    this.#spare = call;
    return this.#valueOf(evaluation, flagKey, defaultValue);
  }

  /** The same, with the reason. */
  assignWithDetails<T>(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    defaultValue: T,
    type: ValueType,
    overrides: ReadonlyMap<string, Override>,
  ): AssignmentDetails<T, Details> {
    const trace = this.#dialect.createTrace();
    const call = this.#call(flagKey, subjectKey, attributes, type, trace);
    const evaluation = this.#evaluate(call, overrides);
    const evaluationDetails = this.#detailsOf(call, evaluation, trace);
    const exposure = this.#record(call, evaluation, evaluationDetails);
    return {
      variation: this.#valueOf(evaluation, flagKey, defaultValue),
      action: null,
      evaluationDetails,
      reason: reasonOf(evaluation),
      exposure,
    };
  }

  /**
   * The text assigned to who a bandit may choose for, with details if they are wanted here or by the
   * client's options.
   */
  askString(
    flagKey: string,
    subjectKey: string,
    subject: BanditSubject | null | undefined,
    defaultValue: string,
    overrides: ReadonlyMap<string, Override>,
    wantsDetails: boolean,
  ): Asked<string, Details> {
    const trace = wantsDetails || this.#includeDetails ? this.#dialect.createTrace() : null;
    let attributes: Attributes | null = null;
    let failure: Evaluation | null = null;
    try {
      attributes = flattened(subject);
    } catch (cause) {
      failure = this.#failed(cause, flagKey); // a getter of the caller's threw
    }
    const call = this.#call(flagKey, subjectKey, attributes, "string", trace);
    const evaluation = failure ?? this.#evaluate(call, overrides);
    const details = trace === null ? null : this.#detailsOf(call, evaluation, trace);
    return {
      value: this.#valueOf(evaluation, flagKey, defaultValue),
      call,
      reason: reasonOf(evaluation),
      details,
      exposure: this.#record(call, evaluation, details),
    };
  }

  #call(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    type: ValueType,
    trace: Trace<Details> | null,
  ): Call<Details> {
    const call = new Call<Details>(this.#now);
    call.begin(flagKey, subjectKey, attributes, type, this.#store.configuration, trace);
    return call;
  }

  // What happens rarely is in functions of its own: the engine inlines only so much.
  #evaluate(call: Call<Details>, overrides: ReadonlyMap<string, Override>): Evaluation {
    const { flagKey, subject, expectedType, served } = call;
    try {
      if (isBlank(subject.key) || isBlank(flagKey)) throw blank(subject.key, flagKey);
      if (overrides.size > 0) {
        const override = overrides.get(flagKey);
        if (override !== undefined) return evaluateOverride(call, override);
      }
      if (served === null) return this.#answerEarly();
      const flag = served.flag(flagKey);
      if (flag === null) return FLAG_NOT_FOUND;
      call.flag = flag;
      if (flag.valueType !== expectedType && flag.valueType !== null) {
        throw wrongType(flag, expectedType);
      }
      return flag.evaluate(subject, call);
    } catch (cause) {
      return this.#failed(cause, flagKey);
    }
  }

  /** Throws in strict mode. */
  #failed(cause: unknown, flagKey: string): Evaluation {
    const error = asEvaluationError(cause, flagKey);
    if (!this.isGraceful) throw error;
    return { kind: "error", error, exposure: null };
  }

  #answerEarly(): Evaluation {
    if (!this.#hasReportedEarlyCall) {
      this.#hasReportedEarlyCall = true;
      this.#diagnostics.warn("evaluated before ready");
    }
    return NOT_INITIALIZED;
  }

  /** Details that cannot be told, say because something has no text, must not cost the value. */
  #detailsOf(call: Call<Details>, evaluation: Evaluation, trace: Trace<Details>): Details {
    try {
      return trace.details(answerOf(call, evaluation));
    } catch (cause) {
      const failed = this.#failed(cause, call.flagKey);
      return this.#dialect.createTrace().details({ ...answerOf(call, failed), flag: null });
    }
  }

  #record(call: Call<Details>, evaluation: Evaluation, details: object | null): ExposureOutcome {
    if (call.override !== null) return notLogged("override");
    if (evaluation.kind === "default") {
      return notLogged(evaluation.reason === "not-initialized" ? "not-initialized" : "default");
    }
    if (evaluation.exposure === null) {
      return evaluation.kind === "error" ? notLogged("default") : this.#exposures.noteNotLoggable();
    }
    return this.#exposures.record(evaluation.exposure, call, details);
  }

  #valueOf<T>(evaluation: Evaluation, flagKey: string, defaultValue: T): T {
    if (evaluation.kind !== "assigned") return defaultValue;
    const { json, value } = evaluation;
    // The value's type was checked against the getter's, but for overrides, which nobody checks.
    if (json === null) return (value ?? defaultValue) as T;
    return this.#parsed(json, flagKey, defaultValue);
  }

  #parsed<T>(json: string, flagKey: string, defaultValue: T): T {
    try {
      return JSON.parse(json) ?? defaultValue;
    } catch (cause) {
      // Only an override's JSON text is not known to be well formed.
      if (!this.isGraceful) throw asEvaluationError(cause, flagKey);
      return defaultValue;
    }
  }
}

function answerOf<Details extends object>(
  call: Call<Details>,
  evaluation: Evaluation,
): Parameters<Trace["details"]>[0] {
  return {
    flagKey: call.flagKey,
    subjectKey: call.subject.key,
    expectedType: call.expectedType,
    configuration: call.served,
    flag: call.flag,
    override: call.override,
    evaluation,
  };
}

/**
 * JavaScript callers may pass anything: `null` and `""` are what the vendor refuses, and a symbol is
 * nothing that a text can be made of.
 */
function isBlank(key: unknown): boolean {
  return typeof key === "string" ? key.length === 0 : isNoKey(key);
}

function isNoKey(key: unknown): boolean {
  if (key === null || key === undefined || typeof key === "symbol") return true;
  return (key as { readonly length?: unknown }).length === 0; // an empty list, say
}

function blank(subjectKey: string, flagKey: string): EvaluationError {
  const argument = isBlank(subjectKey) ? "subjectKey" : "flagKey";
  const message = `Invalid argument: ${argument} cannot be blank`;
  return new EvaluationError("SORTITION_INVALID_ARGUMENT", flagKey, message);
}

function evaluateOverride<Details extends object>(
  call: Call<Details>,
  override: Override,
): Evaluation {
  const { expectedType, flagKey, served } = call;
  const { key, value } = override;
  call.override = override;
  call.flag = call.trace === null || served === null ? null : served.flag(flagKey);
  return {
    kind: "assigned",
    value,
    json: expectedType === "json" && typeof value === "string" ? value : null,
    variation: key,
    allocation: `override-${key}`,
    exposure: null,
  };
}

function wrongType({ key, valueType }: CompiledFlag, expectedType: ValueType): EvaluationError {
  const message = `flag "${key}" is of type ${valueType}, not ${expectedType}`;
  return new EvaluationError("SORTITION_TYPE_MISMATCH", key, message);
}

/** What was thrown, as the error that strict mode throws. */
export function asEvaluationError(cause: unknown, flagKey: string): EvaluationError {
  if (cause instanceof EvaluationError) return cause;
  const message = `flag "${flagKey}" cannot be evaluated: ${messageOf(cause)}`;
  return new EvaluationError("SORTITION_EVALUATION", flagKey, message, { cause });
}

function reasonOf(evaluation: Evaluation): AssignmentDetails<unknown>["reason"] {
  if (evaluation.kind === "assigned") return "assigned";
  return evaluation.kind === "default" ? evaluation.reason : evaluation.error.code;
}
