import { plainOutcome } from "../events/exposure-outcome.js";
import type { ExposureCounters, Exposures } from "../events/exposures.js";
import type { FlushResult } from "../events/flush.js";
import type { Loggers } from "../events/loggers.js";
import { checkLoggers } from "../events/loggers.js";
import type { Attributes } from "../model/attributes.js";
import type { BanditActions, BanditSubject } from "../model/bandit.js";
import type { Configuration } from "../model/configuration.js";
import { type Diagnostics, SILENT_DIAGNOSTICS } from "../runtime/diagnostics.js";
import type { AbortSignalLike } from "../runtime/host.js";
import { inspectAs } from "../runtime/inspect-as.js";
import type { AsyncDisposal } from "./async-disposal.js";
import { clientView } from "./client-view.js";
import type { AssignmentDetails } from "./evaluation/assignment-details.js";
import {
  type BanditDetails,
  BanditEvaluator,
  type BanditResult,
} from "./evaluation/bandit-evaluator.js";
import type { EvaluationRequest } from "./evaluation/evaluation-request.js";
import type { Evaluator } from "./evaluation/evaluator.js";
import { Mistakes } from "./evaluation/mistakes.js";
import type { CallObserver } from "./evaluation/observed-call.js";
import { type PrecomputingParts, precompute } from "./evaluation/precompute.js";
import { checkChanges, type DeduplicationOptions } from "./exposure-options.js";
import type { Lifecycle, RefreshResult } from "./lifecycle/lifecycle.js";
import type { ClientEvents, ClientListener, Listeners } from "./lifecycle/listeners.js";
import type { ReadyResult } from "./lifecycle/ready-waits.js";
import type { ClientStatus } from "./lifecycle/status.js";
import { type Overrides, readOverrides } from "./overrides.js";

const DEFAULT_TIMEOUT_MS = 5_000;
const NO_KEYS: ReadonlySet<string> = new Set();

/** Replaces a client's `flush` and `close` in a copy of it. */
export interface ClientEnding {
  /** Waits until the copy's exposures are delivered. Never rejects. */
  flush(timeoutMs: number, signal?: AbortSignalLike): Promise<FlushResult>;
  /** Closes only the copy. Never rejects. */
  close(timeoutMs: number): Promise<FlushResult>;
}

/** The parts of a client. Copies with overrides share all of them except the evaluator. */
export interface ClientParts<Details extends object> extends PrecomputingParts {
  readonly lifecycle: Lifecycle;
  /** Provides `flush` and `close`: the lifecycle, or a copy's own implementation. */
  readonly ending: ClientEnding;
  readonly evaluator: Evaluator<Details>;
  readonly exposures: Exposures;
  readonly listeners: Listeners;
  readonly diagnostics: Diagnostics;
  readonly readyTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

/**
 * Assigns subjects to variations, and keeps its configuration fresh. Evaluation is synchronous and does no I/O in any
 * state, including before the first configuration and after `close`.
 *
 * Every getter takes the flag's key, the subject's key, its attributes (`null` and `undefined` mean `{}`) and the
 * default value, which it returns if nothing is assigned. In graceful mode, getters never throw.
 */
export class Client<Details extends object = object, Extras = unknown> implements AsyncDisposal {
  readonly #parts: ClientParts<Details>;
  readonly #evaluator: Evaluator<Details>;
  #bandits: BanditEvaluator<Details> | null = null;

  /** @internal Created by `createClient`. */
  constructor(parts: ClientParts<Details>) {
    this.#parts = parts;
    this.#evaluator = parts.evaluator;
    inspectAs(this, "Client", () => clientView(this.status, this.getConfiguration()));
  }

  /** Returns the boolean assigned to the subject, or the default value. */
  getBooleanAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: boolean,
  ): boolean {
    return this.#evaluator.assign(flagKey, subjectKey, subjectAttributes, defaultValue, "boolean");
  }

  /** @deprecated The vendor's old name for {@link getBooleanAssignment}. */
  getBoolAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: boolean,
  ): boolean {
    return this.getBooleanAssignment(flagKey, subjectKey, subjectAttributes, defaultValue);
  }

  /** Returns the integer assigned to the subject, or the default value. */
  getIntegerAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: number,
  ): number {
    return this.#evaluator.assign(flagKey, subjectKey, subjectAttributes, defaultValue, "integer");
  }

  /** Returns the number assigned to the subject, or the default value. */
  getNumericAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: number,
  ): number {
    return this.#evaluator.assign(flagKey, subjectKey, subjectAttributes, defaultValue, "numeric");
  }

  /** Returns the string assigned to the subject, or the default value. */
  getStringAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: string,
  ): string {
    return this.#evaluator.assign(flagKey, subjectKey, subjectAttributes, defaultValue, "string");
  }

  /**
   * Returns the JSON value assigned to the subject, or the default value. Each call returns a new value. Its shape is
   * not checked against `T`.
   */
  getJSONAssignment<T extends object | null>(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: T,
  ): T {
    return this.#evaluator.assign(flagKey, subjectKey, subjectAttributes, defaultValue, "json");
  }

  /** Like {@link getBooleanAssignment}, with details. */
  getBooleanAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: boolean,
  ): AssignmentDetails<boolean, Details> {
    return this.#evaluator.assignWithDetails(
      flagKey,
      subjectKey,
      subjectAttributes,
      defaultValue,
      "boolean",
    );
  }

  /** Like {@link getIntegerAssignment}, with details. */
  getIntegerAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: number,
  ): AssignmentDetails<number, Details> {
    return this.#evaluator.assignWithDetails(
      flagKey,
      subjectKey,
      subjectAttributes,
      defaultValue,
      "integer",
    );
  }

  /** Like {@link getNumericAssignment}, with details. */
  getNumericAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: number,
  ): AssignmentDetails<number, Details> {
    return this.#evaluator.assignWithDetails(
      flagKey,
      subjectKey,
      subjectAttributes,
      defaultValue,
      "numeric",
    );
  }

  /** Like {@link getStringAssignment}, with details. */
  getStringAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: string,
  ): AssignmentDetails<string, Details> {
    return this.#evaluator.assignWithDetails(
      flagKey,
      subjectKey,
      subjectAttributes,
      defaultValue,
      "string",
    );
  }

  /** Like {@link getJSONAssignment}, with details. */
  getJSONAssignmentDetails<T extends object | null>(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: T,
  ): AssignmentDetails<T, Details> {
    return this.#evaluator.assignWithDetails(
      flagKey,
      subjectKey,
      subjectAttributes,
      defaultValue,
      "json",
    );
  }

  /**
   * Evaluates a flag for a drop-in, of any type unless `expectedType` is given. `extras` are the values that the
   * dialect needs in addition to attributes. Mistakes are counted but not reported, because drop-ins have their own
   * messages.
   */
  evaluate(request: EvaluationRequest<Extras>): AssignmentDetails<unknown, Details> {
    return this.#evaluator.evaluateFor(request);
  }

  /**
   * Returns the string assigned to the subject, and the action chosen by the bandit behind it, if there is one. Logs
   * the assignment, then the action.
   *
   * @param subject - attributes by kind (see `ContextAttributes`) or flat.
   * @param actions - names, or attributes by name, each by kind or flat. Their order affects only the last bits of the
   * probability, not the choice.
   * @returns `action` is `null` if there is no bandit, there are no actions, or the bandit fails. In these cases, show
   * what you would show without a bandit.
   */
  getBanditAction(
    flagKey: string,
    subjectKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultValue: string,
  ): BanditResult {
    const request = { flagKey, subjectKey, subject, actions, defaultValue, wantsDetails: false };
    const { variation, action } = this.#banditEvaluator().choose(request);
    return { variation, action };
  }

  /** Like {@link getBanditAction}, with details. */
  getBanditActionDetails(
    flagKey: string,
    subjectKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultValue: string,
  ): BanditDetails<Details> {
    const request = { flagKey, subjectKey, subject, actions, defaultValue, wantsDetails: true };
    const { variation, action, details, ...rest } = this.#banditEvaluator().choose(request);
    return {
      variation,
      action,
      evaluationDetails: details as Details, // details were requested
      ...rest,
      exposure: plainOutcome(rest.exposure),
      banditExposure: plainOutcome(rest.banditExposure),
    };
  }

  /**
   * Returns the action with the best score from the first bandit that the flag refers to, or the default. Nothing is
   * drawn, assigned or logged, so use it only where the choice need not be measured, e.g. for a crawler.
   */
  getBestAction(
    flagKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultAction: string,
  ): string {
    return this.#banditEvaluator().best(flagKey, subject, actions, defaultAction);
  }

  /**
   * Returns the results of all flags for one subject, as a string for a client that only looks them up, such as one in
   * a browser (see `createPrecomputedClient`). Keys are hashed and values encoded. Nothing is logged, and overrides are
   * ignored. Flags that fail are omitted.
   *
   * @param banditActions - the actions that bandits choose from, by flag. Bandits of other flags do not choose.
   * @param salt - for the hashes of keys. Default: random.
   * @returns no results in graceful mode if JSON cannot express the subject or an argument is unusable.
   * @throws OptionError if the dialect has no such format. EvaluationError in strict mode.
   */
  getPrecomputedConfiguration(
    subjectKey: string,
    subject?: BanditSubject | null,
    banditActions?: Readonly<Record<string, BanditActions>>,
    salt?: string,
  ): string {
    const subjectOf = { subjectKey, subject: subject ?? {}, banditActions: banditActions ?? {} };
    return precompute(this.#parts, { ...subjectOf, salt }, this.#evaluator.mode.isGraceful);
  }

  /**
   * Returns a client that uses these variations instead of evaluating, and shares everything else with this client.
   * They replace the overrides of this client. Returns this client if there are none.
   *
   * @throws OptionError if an override is not `{ key, value }`.
   */
  withOverrides(overrides: Overrides): Client<Details, Extras> {
    const read = readOverrides(overrides);
    if (read.size === 0) return this;
    return clientOf({ ...this.#parts, evaluator: this.#evaluator.withOverrides(read) });
  }

  /**
   * Returns a copy with its own settings, for drop-ins: its loggers, the logged events that it remembers, and whether
   * getters throw. They start with this client's values, except for the loggers. The copy shares everything else,
   * including `flush` and `close`. The client does not close the loggers of such a copy.
   *
   * @param loggers - default: none yet.
   * @param ending - replaces `flush` and `close` of the copy. Default: those of this client.
   */
  withOwnSettings(
    loggers?: Loggers | null,
    ending: ClientEnding = this.#parts.ending,
  ): Client<Details, Extras> {
    const exposures = this.#parts.exposures.copy(loggers);
    const evaluator = this.#evaluator.over(exposures);
    return clientOf({ ...this.#parts, exposures, evaluator, ending });
  }

  /**
   * The parts of this client, for classes built on it.
   *
   * @internal
   */
  get parts(): ClientParts<Details> {
    return this.#parts;
  }

  /**
   * Returns a client whose calls are also passed to this observer, and which shares everything else with this client.
   *
   * @internal
   */
  observedBy(observer: CallObserver): Client<Details, Extras> {
    return clientOf({ ...this.#parts, evaluator: this.#evaluator.observedBy(observer) });
  }

  /**
   * Returns a client that evaluates in the same way and from the same configuration, but without effects that callers
   * or operators would notice: it logs, counts and reports nothing, observers do not see its calls, and getters do not
   * throw.
   *
   * @internal
   */
  mute(): Client<Details, Extras> {
    const exposures = this.#parts.exposures.mute();
    const mistakes = new Mistakes(SILENT_DIAGNOSTICS);
    const evaluator = this.#evaluator.mute(exposures, mistakes);
    const diagnostics = SILENT_DIAGNOSTICS;
    return clientOf({ ...this.#parts, diagnostics, exposures, mistakes, evaluator });
  }

  /** Variation keys of the overrides, by flag key. */
  getOverrideVariationKeys(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.#evaluator.overrides].map(([flagKey, { key }]) => [flagKey, key]),
    );
  }

  /**
   * Serves this configuration from now on. The next poll, if any, replaces it.
   *
   * @throws OptionError if it belongs to another dialect than the client.
   */
  setConfiguration(configuration: Configuration): void {
    this.#parts.lifecycle.setConfiguration(configuration);
  }

  /** Returns the configuration in use, or `null`. */
  getConfiguration(): Configuration | null {
    return this.#parts.store.configuration;
  }

  /**
   * Returns the keys of all flags, which are hashes if the configuration is obfuscated. Empty without a configuration.
   */
  getFlagKeys(): ReadonlySet<string> {
    return this.getConfiguration()?.flagKeys ?? NO_KEYS;
  }

  /** Returns the keys of all bandit models. Empty without a configuration. */
  getBanditKeys(): ReadonlySet<string> {
    return this.getConfiguration()?.bandits?.keys ?? NO_KEYS;
  }

  /** Whether the client has a configuration. */
  isInitialized(): boolean {
    return this.getConfiguration() !== null;
  }

  /**
   * Waits for the first configuration. Resolves early if no configuration can be received. Never rejects.
   *
   * @param options - `timeoutMs`: default `readyTimeoutMs`.
   */
  waitForInitialization(
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignalLike } = {},
  ): Promise<ReadyResult> {
    const { lifecycle, readyTimeoutMs } = this.#parts;
    return lifecycle.waitForReady(options.timeoutMs ?? readyTimeoutMs, options.signal);
  }

  /** If `isGraceful`, getters return the default value instead of throwing. */
  setIsGracefulFailureMode(isGraceful: boolean): void {
    this.#evaluator.mode.isGraceful = isGraceful;
  }

  /**
   * Sets or replaces the logger, or several loggers that each receive every event. They receive the events that were
   * buffered without a logger. Events that the previous logger accepted stay with it. `null`: log nothing from now on.
   *
   * @throws OptionError if a value is not a logger, or two loggers have the same name.
   */
  setAssignmentLogger(loggers: Loggers | null): void {
    const { exposures, lifecycle } = this.#parts;
    checkLoggers("assignmentLogger", loggers);
    if (!lifecycle.refuseClosed("setAssignmentLogger")) exposures.setLoggers(loggers);
  }

  /**
   * Replaces the deduplication of the given kinds of events. The client forgets the events of these kinds that were
   * logged so far.
   *
   * @throws OptionError for an invalid value.
   */
  setDeduplication(options: DeduplicationOptions): void {
    this.#parts.exposures.setDeduplication(checkChanges(options));
  }

  /**
   * Starts an attempt at the source, or joins the one in progress. Never rejects.
   *
   * @param options - `timeoutMs`: default `requestTimeoutMs`. `holdsProcess`: whether the process stays alive
   * meanwhile, default `true`.
   */
  refresh(
    options: { readonly timeoutMs?: number; readonly holdsProcess?: boolean } = {},
  ): Promise<RefreshResult> {
    const { lifecycle, requestTimeoutMs } = this.#parts;
    const { holdsProcess, timeoutMs = requestTimeoutMs } = options;
    return lifecycle.refresh(timeoutMs, holdsProcess);
  }

  /** Waits until all events logged so far are delivered, and flushes the loggers. Never rejects. */
  flush(
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignalLike } = {},
  ): Promise<FlushResult> {
    const { ending } = this.#parts;
    return ending.flush(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, options.signal);
  }

  /** Adds a listener, which is called synchronously. The returned function removes it. */
  on<Name extends keyof ClientEvents>(name: Name, listener: ClientListener<Name>): () => void {
    return this.#parts.listeners.add(name, listener);
  }

  /**
   * Same as `status.counters.exposures`, but cheaper, because `status` may have to hash the configuration for its
   * revision.
   */
  get exposureCounters(): ExposureCounters {
    return this.#parts.exposures.counters;
  }

  /** A frozen snapshot of the state. */
  get status(): ClientStatus {
    return this.#parts.lifecycle.status;
  }

  /**
   * Stops polling, refuses new events, flushes, and closes the loggers that the client owns, within the deadline. Never
   * rejects. A second call returns the promise of the first. Getters continue to evaluate the last configuration.
   */
  close(options: { readonly timeoutMs?: number } = {}): Promise<FlushResult> {
    return this.#parts.ending.close(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  }

  /** Calls {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Created for the first call with a bandit, because few clients use bandits. */
  #banditEvaluator(): BanditEvaluator<Details> {
    this.#bandits ??= new BanditEvaluator(this.#parts);
    return this.#bandits;
  }
}

// Outside the class, because bundlers rename a class that refers to itself.
function clientOf<Details extends object, Extras>(
  parts: ClientParts<Details>,
): Client<Details, Extras> {
  return new Client(parts);
}
