import type { AssignmentLogger } from "../../delivery/assignment-logger.js";
import { DecodeError, EvaluationError } from "../../errors/errors.js";
import { messageOf } from "../../errors/guard.js";
import { md5Hex } from "../../hash/md5.js";
import type { ValueType } from "../../model/flag.js";
import type { ObservedEvaluation } from "../../model/observed-evaluation.js";
import type { Override } from "../../model/override.js";
import type { SubjectGetters } from "../../model/subject-getters.js";
import type { Clock } from "../../runtime/clock.js";
import { startDeadline } from "../../runtime/deadline.js";
import type { Diagnostics } from "../../runtime/diagnostics.js";
import type { AbortSignalLike } from "../../runtime/host.js";
import type { Observers } from "../../runtime/observers.js";
import type { EppoEventMetadata } from "../events.js";
import { type PrecomputedAnswer, readAnswer } from "./answer.js";
import type { PrecomputedBody } from "./decode.js";
import {
  createPrecomputedAssignment,
  createPrecomputedChoice,
  type EventContext,
} from "./event.js";
import { type PrecomputedCounters, PrecomputedExposures } from "./exposures.js";
import { PrecomputedMistakes } from "./mistakes.js";

const DEFAULT_TIMEOUT_MS = 5_000;

export interface PrecomputedClientParts {
  readonly body: PrecomputedBody;
  /** Number of malformed parts of the body. */
  readonly issueCount: number;
  readonly overrides: ReadonlyMap<string, Override>;
  readonly isGraceful: boolean;
  readonly metaData: EppoEventMetadata;
  readonly logger: AssignmentLogger | null | undefined;
  readonly deduplicates: boolean;
  /** `null`: evaluations are not observed. */
  readonly observers: Observers | null;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
}

/** Result of {@link PrecomputedClient.flush} and {@link PrecomputedClient.close}. */
export interface PrecomputedFlushResult {
  /** Whether nothing failed during the call, and nothing is pending. */
  readonly ok: boolean;
  /** Pending promises of the logger. */
  readonly pending: number;
  readonly timedOut: boolean;
}

/** A frozen snapshot of a client. */
export interface PrecomputedStatus {
  readonly state: "ready" | "closed";
  readonly dialect: "eppo-precomputed";
  readonly environment: string | null;
  /** When the results were computed, as in the payload. Empty if it is missing. */
  readonly createdAt: string;
  /** Malformed parts of the results. */
  readonly issues: { readonly found: number; readonly complete: true };
  readonly counters: { readonly exposures: PrecomputedCounters };
}

interface Outcome<T> {
  readonly value: T;
  readonly error: EvaluationError | null;
}

/** A variation, and the action that the bandit behind it chose. */
export interface PrecomputedBanditResult {
  readonly variation: string;
  /** `null` if no bandit chose an action, or the result is malformed. */
  readonly action: string | null;
}

/**
 * Looks up results that a server computed for one subject, and logs exposures as that server would. Getters take no
 * subject. In graceful mode, getters never throw.
 */
export class PrecomputedClient implements SubjectGetters {
  readonly #parts: PrecomputedClientParts;
  readonly #exposures: PrecomputedExposures;
  readonly #context: EventContext;
  readonly #mistakes: PrecomputedMistakes;
  /**
   * Results by requested key. Only keys that exist are kept, because the map would otherwise grow with the callers'
   * input.
   */
  readonly #answers = new Map<string, PrecomputedAnswer>();
  #closing: Promise<PrecomputedFlushResult> | null = null;

  /** @internal Created by `createPrecomputedClient`. */
  constructor(parts: PrecomputedClientParts) {
    this.#parts = parts;
    this.#exposures = new PrecomputedExposures(parts);
    this.#mistakes = new PrecomputedMistakes(parts.diagnostics);
    this.#context = { ...parts.body, metaData: parts.metaData };
  }

  /** Returns the boolean assigned to the subject, or the default. */
  getBooleanAssignment(flagKey: string, defaultValue: boolean): boolean {
    return this.#assign(flagKey, "boolean", defaultValue);
  }

  /** Returns the integer assigned to the subject, or the default. */
  getIntegerAssignment(flagKey: string, defaultValue: number): number {
    return this.#assign(flagKey, "integer", defaultValue);
  }

  /** Returns the number assigned to the subject, or the default. */
  getNumericAssignment(flagKey: string, defaultValue: number): number {
    return this.#assign(flagKey, "numeric", defaultValue);
  }

  /** Returns the string assigned to the subject, or the default. */
  getStringAssignment(flagKey: string, defaultValue: string): string {
    return this.#assign(flagKey, "string", defaultValue);
  }

  /** Returns the JSON value assigned to the subject, or the default. Each call returns a new value. */
  getJSONAssignment<T extends object | null>(flagKey: string, defaultValue: T): T {
    return this.#assign(flagKey, "json", defaultValue);
  }

  /** Returns the string assigned to the subject, and the action that the bandit behind the flag chose. */
  getBanditAction(flagKey: string, defaultValue: string): PrecomputedBanditResult {
    const assigned = this.#attempt(flagKey, defaultValue, () => this.#valueOf(flagKey, "string"));
    const canChoose = assigned.error === null || this.#parts.isGraceful;
    const { error, value: action } = canChoose
      ? this.#attempt<string | null>(flagKey, null, () => this.#choose(flagKey))
      : { error: null, value: null };
    const outcome = { value: assigned.value, error: assigned.error ?? error };
    return { variation: this.#end(flagKey, outcome, action), action };
  }

  /** Key of the subject for which the results were computed. */
  get subjectKey(): string {
    return this.#parts.body.subjectKey;
  }

  /** Returns the hashed keys of all flags that assign a value to the subject. */
  getFlagKeys(): ReadonlySet<string> {
    return new Set(this.#parts.body.flags.keys());
  }

  /** Sets or replaces the logger, which receives the buffered exposures. `null`: nothing is logged. */
  setAssignmentLogger(logger: AssignmentLogger | null): void {
    this.#exposures.setLogger(logger);
  }

  /** A frozen snapshot of the client. */
  get status(): PrecomputedStatus {
    const { body, issueCount } = this.#parts;
    return Object.freeze({
      state: this.#closing === null ? "ready" : "closed",
      dialect: "eppo-precomputed",
      environment: body.environment,
      createdAt: body.createdAt,
      issues: Object.freeze({ found: issueCount, complete: true }),
      counters: Object.freeze({ exposures: this.#exposures.counters }),
    });
  }

  /** Waits until the logger has received all exposures so far, and flushes it. Never rejects. */
  flush(
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignalLike } = {},
  ): Promise<PrecomputedFlushResult> {
    return this.#within(options, "flush");
  }

  /**
   * Refuses new events, flushes, and closes the logger if it is `owned`, within the deadline. Never rejects. A second
   * call returns the promise of the first. Getters continue to return results.
   */
  close(options: { readonly timeoutMs?: number } = {}): Promise<PrecomputedFlushResult> {
    this.#closing ??= this.#within(options, "close");
    return this.#closing;
  }

  /** Calls {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #assign<T>(flagKey: string, type: ValueType, defaultValue: T): T {
    this.#mistakes.noteDefault(flagKey, defaultValue, type, this.subjectKey);
    const outcome = this.#attempt(flagKey, defaultValue, () => this.#valueOf(flagKey, type));
    return this.#end(flagKey, outcome, null);
  }

  #valueOf(flagKey: string, type: ValueType): unknown {
    const { body, overrides } = this.#parts;
    if (!flagKey || !body.subjectKey) {
      const argument = body.subjectKey ? "flagKey" : "subjectKey";
      const message = `Invalid argument: ${argument} cannot be blank`;
      throw new EvaluationError("SORTITION_INVALID_ARGUMENT", flagKey, message);
    }
    const override = overrides.get(flagKey);
    if (override !== undefined) {
      const { value } = override;
      return type === "json" && typeof value === "string" ? JSON.parse(value) : value;
    }
    const answer = this.#answer(flagKey);
    if (answer === null) return null;
    if (answer.type !== type) {
      this.#mistakes.noteType(flagKey, answer.type, type);
      const message = `flag "${flagKey}" is of type ${answer.type}, not ${type}`;
      throw new EvaluationError("SORTITION_TYPE_MISMATCH", flagKey, message);
    }
    this.#record(flagKey, answer);
    if (answer.failure !== null) return null;
    return type === "json" ? JSON.parse(answer.flag.value) : answer.value;
  }

  #answer(flagKey: string): PrecomputedAnswer | null {
    const known = this.#answers.get(flagKey);
    if (known !== undefined) return known;
    const flag = this.#parts.body.flags.get(this.#hashOf(flagKey));
    if (flag === undefined) return null;
    const answer = readAnswer(flagKey, flag);
    this.#answers.set(flagKey, answer);
    return answer;
  }

  #record(flagKey: string, { flag }: PrecomputedAnswer): void {
    if (!flag.doLog) return;
    this.#exposures.record("assignment", flagKey, flag.allocationKey, flag.variationKey, () => ({
      kind: "assignment",
      event: createPrecomputedAssignment(flagKey, flag, this.#context, this.#parts.clock.now()),
    }));
  }

  /** Quirk: the choice applies to any variation that the caller receives (eppo). */
  #choose(flagKey: string): string | null {
    const { body, clock } = this.#parts;
    const hash = this.#hashOf(flagKey);
    const choice = body.choices.get(hash);
    if (choice === undefined || !body.flags.has(hash)) return null;
    if (choice instanceof DecodeError) throw choice;
    // Quirk: an action without a name is treated as no action (eppo).
    if (choice.action === "") return null;
    this.#exposures.record("bandit", flagKey, choice.banditKey, choice.action, () => ({
      kind: "bandit",
      event: createPrecomputedChoice(flagKey, choice, this.#context, clock.now()),
    }));
    return choice.action;
  }

  #hashOf(flagKey: string): string {
    return md5Hex(this.#parts.body.salt + flagKey);
  }

  /** Returns the result of a look-up, or the fallback if there is none or the look-up throws. */
  #attempt<T>(flagKey: string, fallback: T, lookUp: () => unknown): Outcome<T> {
    try {
      return { value: (lookUp() ?? fallback) as T, error: null }; // the type was checked, except for overrides
    } catch (cause) {
      return { value: fallback, error: evaluationError(cause, flagKey) };
    }
  }

  /** Notifies the observers, and returns the value. Throws only in strict mode. */
  #end<T>(flagKey: string, { error, value }: Outcome<T>, action: string | null): T {
    const { isGraceful, observers } = this.#parts;
    const isThrown = error !== null && !isGraceful;
    observers?.notify(
      this.#observed(flagKey, { error, value: isThrown ? undefined : value }, action),
    );
    if (isThrown) throw error;
    return value;
  }

  #observed(
    flagKey: string,
    { error, value }: Outcome<unknown>,
    action: string | null,
  ): ObservedEvaluation {
    const { body, overrides } = this.#parts;
    const override = overrides.get(flagKey);
    const answer = this.#answers.get(flagKey) ?? null;
    const isMalformed = override === undefined && (answer?.failure ?? null) !== null;
    const errorCode = isMalformed ? "SORTITION_DECODE" : (error?.code ?? null);
    const assigned = errorCode === null && override === undefined ? (answer?.flag ?? null) : null;
    const isDefault = override === undefined && assigned === null;
    return {
      flagKey,
      subjectKey: body.subjectKey,
      value,
      variation: override?.key ?? assigned?.variationKey ?? null,
      allocation: assigned?.allocationKey ?? null,
      action,
      isDefault,
      reason: precomputedReason(errorCode !== null, override !== undefined, isDefault),
      errorCode,
      configurationRevision: null,
      environment: body.environment,
      dialect: "eppo-precomputed",
      isExposure: assigned?.doLog === true,
      isBulk: false,
      isPrerequisite: false,
    };
  }

  async #within(
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignalLike },
    method: "flush" | "close",
  ): Promise<PrecomputedFlushResult> {
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    const deadline = startDeadline(this.#parts.clock, timeoutMs, signal);
    try {
      const result = await this.#exposures[method](deadline);
      return Object.freeze({ ...result, timedOut: deadline.signal.aborted });
    } finally {
      deadline.end();
    }
  }
}

function evaluationError(cause: unknown, flagKey: string): EvaluationError {
  if (cause instanceof EvaluationError) return cause;
  const message = `flag "${flagKey}" cannot be evaluated: ${messageOf(cause)}`;
  return new EvaluationError("SORTITION_EVALUATION", flagKey, message, { cause });
}

function precomputedReason(
  hasFailed: boolean,
  isOverride: boolean,
  isDefault: boolean,
): ObservedEvaluation["reason"] {
  if (hasFailed) return "error";
  if (isOverride) return "override";
  return isDefault ? "flag-not-found" : "assigned"; // results omit flags that assign nothing
}
