import type { EvaluationError } from "../../errors/errors.js";
import { keyName } from "../../errors/guard.js";
import type { EventDetails, Exposures } from "../../events/exposures.js";
import type { Configuration } from "../../model/configuration.js";
import type { Dialect } from "../../model/dialect.js";
import type { Evaluation } from "../../model/evaluation.js";
import type { CompiledFlag, ValueType } from "../../model/flag.js";
import type { Override } from "../../model/override.js";
import type { Trace } from "../../model/trace.js";
import { SILENT_DIAGNOSTICS } from "../../runtime/diagnostics.js";
import type { ConfigurationStore } from "../lifecycle/configuration-store.js";
import type { OverrideMap } from "../overrides.js";
import { Call } from "./call.js";
import { answerOf, detailsAfterwards } from "./call-details.js";
import { CallExposures } from "./call-exposures.js";
import { CallMistakes, type CallMistakesOptions } from "./call-mistakes.js";
import { asEvaluationError } from "./evaluation-errors.js";
import type { EvaluationMode } from "./evaluation-mode.js";
import { fitting } from "./fitting.js";
import { Mistakes } from "./mistakes.js";
import { acceptsNull } from "./null-values.js";
import type { CallObserver } from "./observed-call.js";
import { resolveOverride, uncheckedOverride } from "./resolve-override.js";
import { WrongTypes, wrongType } from "./wrong-types.js";

/** Dependencies of a {@link CallEvaluator}. Copies with overrides share them. */
export interface EvaluatorOptions<Details extends object>
  extends Omit<CallMistakesOptions, "takesEmptySubjectKey"> {
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

/** Returns options without effects that callers or operators would notice. Nothing is observed, thrown or counted. */
export function silentOptions<Details extends object>(
  options: EvaluatorOptions<Details>,
  exposures: Exposures,
): EvaluatorOptions<Details> {
  return {
    ...options,
    exposures,
    mistakes: new Mistakes(SILENT_DIAGNOSTICS),
    diagnostics: SILENT_DIAGNOSTICS,
    mode: { isGraceful: true, hasReportedEarlyCall: true, subjectChecks: 0 },
    includeDetails: false,
    onCall: null,
  };
}

const NOT_INITIALIZED: Evaluation = { kind: "default", reason: "not-initialized" };
const FLAG_NOT_FOUND: Evaluation = { kind: "default", reason: "flag-not-found" };

/** Evaluates calls: overrides, look-up, type check, evaluation and exposure. */
export class CallEvaluator<Details extends object> {
  readonly options: EvaluatorOptions<Details>;
  // Read by each call, which would be slower from the options.
  readonly dialect: Dialect<Details>;
  readonly store: ConfigurationStore;
  readonly overrides: OverrideMap;
  readonly mode: EvaluationMode;
  readonly mistakes: CallMistakes;
  readonly exposures: CallExposures<Details>;
  /** Builds the details of an event whose call did not record them. */
  readonly laterDetails: EventDetails;
  /** The same for calls that did not request details. `null`: their events have none. */
  readonly eventDetails: EventDetails | null;
  /** `null`: calls are not observed. */
  readonly onCall: CallObserver | null;
  readonly #wrongTypes = new WrongTypes();
  /** The last call that ended, kept for reuse so that most evaluations allocate nothing. */
  #spare: Call<Details> | null = null;
  /** Created on first use. */
  #silent: CallEvaluator<Details> | null = null;

  constructor(options: EvaluatorOptions<Details>, overrides: OverrideMap) {
    const { dialect, includeDetails, mode, onCall } = options;
    const { takesEmptySubjectKey = false } = dialect;
    this.options = options;
    this.dialect = dialect;
    this.store = options.store;
    this.overrides = overrides;
    this.mode = mode;
    this.mistakes = new CallMistakes({ ...options, takesEmptySubjectKey });
    this.exposures = new CallExposures(options, this.mistakes);
    // A call is the context of its exposures.
    this.laterDetails = (context) => detailsAfterwards(dialect, context as Call<Details>);
    this.eventDetails = includeDetails ? this.laterDetails : null;
    this.onCall = onCall;
  }

  /** Returns a call that is not in use. A nested evaluation, e.g. from a logger, gets its own. */
  take(): Call<Details> {
    const call = this.#spare ?? new Call<Details>(this.options.now, this.mistakes);
    this.#spare = null;
    return call;
  }

  /** Returns an evaluator of the same flags, without effects. */
  silent(): CallEvaluator<Details> {
    this.#silent ??= silentOf(this);
    return this.#silent;
  }

  /** Ends a call, and keeps it for reuse. */
  release(call: Call<Details>): void {
    call.end();
    this.#spare = call;
  }

  /** Evaluates the flag of a call. Throws only in strict mode. */
  evaluate(call: Call<Details>): Evaluation {
    // Rare cases are in separate functions, because the engine only inlines small functions.
    const { flagKey, subject, expectedType, served } = call;
    try {
      if (isUnusual(subject.key) || isUnusual(flagKey) || typeof subject.attributes !== "object") {
        this.mistakes.checkArguments(call);
      }
      if (this.mode.subjectChecks > 0) this.mistakes.checkSubject(call);
      const overrides = call.pin === null ? this.overrides : call.pin.overrides;
      if (overrides.size > 0) {
        const override = overrides.get(flagKey);
        const overridden = override === undefined ? null : this.#override(call, override);
        if (overridden !== null) return overridden;
      }
      if (served === null) {
        this.mistakes.noteEarly(flagKey);
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
      return this.failed(cause, call);
    }
  }

  /** Returns the evaluation of an override, or `null` if it is ignored. */
  #override(call: Call<Details>, given: string | Override): Evaluation | null {
    const { expectedType, flagKey, served } = call;
    if (typeof given !== "string" && this.options.checksOverrides === false) {
      call.override = given;
      call.flag = call.trace === null ? null : findFlag(served, flagKey);
      return uncheckedOverride(given, expectedType);
    }
    const flag = findFlag(served, flagKey);
    const resolved = resolveOverride(given, flag, expectedType);
    if ("problem" in resolved) {
      this.mistakes.noteIgnoredOverride(call, resolved.problem);
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
  failed(cause: unknown, call: Call<Details>): Evaluation {
    const error = asEvaluationError(cause, call.flagKey);
    const evaluation: Evaluation = { kind: "error", error, exposure: null };
    if (this.mode.isGraceful) return evaluation;
    this.exposures.record(call, evaluation, null);
    return this.#throw(error, call);
  }

  /** Throws the error, after the observers were called. */
  #throw(error: EvaluationError, call: Call<Details>): never {
    const evaluation: Evaluation = { kind: "error", error, exposure: null };
    this.onCall?.(call, evaluation, { value: undefined });
    throw error;
  }

  /**
   * If building the details throws, e.g. because a value cannot be converted to a string, the value is still returned.
   */
  detailsOf(call: Call<Details>, evaluation: Evaluation, trace: Trace<Details>): Details {
    try {
      return trace.details(answerOf(call, evaluation));
    } catch (cause) {
      const error = asEvaluationError(cause, call.flagKey);
      if (!this.mode.isGraceful) this.#throw(error, call);
      return this.dialect.createTrace().details({
        ...answerOf(call, { kind: "error", error, exposure: null }),
        flagKey: keyName(call.flagKey),
        subjectKey: keyName(call.subject.key),
        flag: null,
      });
    }
  }

  /** Returns the value for the caller, which may be its default. */
  valueOf<T>(evaluation: Evaluation, call: Call<Details>, defaultValue: T): T {
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

// Outside the class, because bundlers rename a class that refers to itself.
function silentOf<Details extends object>({
  options,
  overrides,
}: CallEvaluator<Details>): CallEvaluator<Details> {
  return new CallEvaluator(silentOptions(options, options.exposures), overrides);
}

/** Whether a key is not a non-empty string. */
function isUnusual(key: unknown): boolean {
  return typeof key !== "string" || key.length === 0;
}

/** Returns an overridden flag. A key that cannot be hashed belongs to no flag. */
function findFlag(served: Configuration | null, flagKey: string): CompiledFlag | null {
  try {
    return served === null ? null : served.flag(flagKey);
  } catch {
    return null;
  }
}
