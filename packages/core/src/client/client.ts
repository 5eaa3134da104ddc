import type { Exposures } from "../events/exposures.js";
import type { Loggers } from "../events/loggers.js";
import type { Attributes } from "../model/attributes.js";
import type { BanditActions, BanditSubject } from "../model/bandit.js";
import type { Configuration } from "../model/configuration.js";
import type { ValueType } from "../model/flag.js";
import type { AbortSignalLike } from "../runtime/host.js";
import type { AsyncDisposal } from "./async-disposal.js";
import type { BanditDetails, BanditEvaluator, BanditResult } from "./bandit-evaluator.js";
import type { AssignmentDetails, Evaluator } from "./evaluator.js";
import { checkLoggers } from "./exposure-options.js";
import type { FlushResult } from "./flush.js";
import type { Lifecycle, RefreshResult } from "./lifecycle.js";
import type { ClientEvents, ClientListener, Listeners } from "./listeners.js";
import type { Mistake, Mistakes } from "./mistakes.js";
import { type Overrides, readOverrides } from "./overrides.js";
import type { Precomputing } from "./precomputing.js";
import type { ReadyResult } from "./ready-waits.js";
import type { ClientStatus } from "./status.js";

const DEFAULT_TIMEOUT_MS = 5_000;
const NO_KEYS: ReadonlySet<string> = new Set();

/** The parts of a client. Copies with overrides share all but the evaluators. */
export interface ClientParts<Details extends object> {
  readonly lifecycle: Lifecycle;
  readonly evaluator: Evaluator<Details>;
  readonly bandits: BanditEvaluator<Details>;
  readonly precompute: Precomputing;
  readonly exposures: Exposures;
  readonly mistakes: Mistakes;
  readonly listeners: Listeners;
  readonly readyTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

/** One evaluation by a facade, see {@link Client.evaluate}. */
export interface EvaluationRequest<Extras = unknown> {
  readonly flagKey: string;
  readonly subjectKey: string;
  readonly subjectAttributes?: Attributes | null;
  /** Returned if nothing is assigned; default: `undefined`. */
  readonly defaultValue?: unknown;
  /** Type that the value must have; default: `null`, any. */
  readonly expectedType?: ValueType | null;
  /** What the dialect takes besides attributes, see `Scope.extras`. */
  readonly extras?: Extras | null;
}

/**
 * Assigns subjects to variations, and keeps its configuration fresh. Evaluation is synchronous and
 * does no I/O in any state, also before the first configuration and after `close`.
 *
 * Every getter takes the flag's key, the subject's key, its attributes (`null` and `undefined` mean `{}`)
 * and the default value, which it returns if nothing is assigned. In graceful mode no getter throws.
 */
export class Client<Details extends object = object, Extras = unknown> implements AsyncDisposal {
  readonly #parts: ClientParts<Details>;
  readonly #evaluator: Evaluator<Details>;

  /** @internal Made by `createClient`. */
  constructor(parts: ClientParts<Details>) {
    this.#parts = parts;
    this.#evaluator = parts.evaluator;
  }

  /** The boolean that the subject is assigned, or the default. */
  getBooleanAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: boolean,
  ): boolean {
    return this.#evaluator.assign(flagKey, subjectKey, subjectAttributes, defaultValue, "boolean");
  }

  /** @deprecated The vendor's old name of {@link getBooleanAssignment}. */
  getBoolAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: boolean,
  ): boolean {
    return this.getBooleanAssignment(flagKey, subjectKey, subjectAttributes, defaultValue);
  }

  /** The whole number that the subject is assigned, or the default. */
  getIntegerAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: number,
  ): number {
    return this.#evaluator.assign(flagKey, subjectKey, subjectAttributes, defaultValue, "integer");
  }

  /** The number that the subject is assigned, or the default. */
  getNumericAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: number,
  ): number {
    return this.#evaluator.assign(flagKey, subjectKey, subjectAttributes, defaultValue, "numeric");
  }

  /** The text that the subject is assigned, or the default. */
  getStringAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: string,
  ): string {
    return this.#evaluator.assign(flagKey, subjectKey, subjectAttributes, defaultValue, "string");
  }

  /**
   * The JSON value that the subject is assigned, or the default. A fresh value for each call; its
   * shape is not checked against `T`.
   */
  getJSONAssignment<T extends object | null>(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: T,
  ): T {
    return this.#evaluator.assign(flagKey, subjectKey, subjectAttributes, defaultValue, "json");
  }

  /** {@link getBooleanAssignment}, with the reason. */
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

  /** {@link getIntegerAssignment}, with the reason. */
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

  /** {@link getNumericAssignment}, with the reason. */
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

  /** {@link getStringAssignment}, with the reason. */
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

  /** {@link getJSONAssignment}, with the reason. */
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
   * Evaluates a flag for a facade: of any type unless `expectedType` says which, and with what the
   * dialect takes besides attributes. Mistakes are counted, but not reported: see {@link reportMistake}.
   */
  evaluate(request: EvaluationRequest<Extras>): AssignmentDetails<unknown, Details> {
    return this.#evaluator.evaluateFor(request);
  }

  /**
   * Reports a mistake of a caller as a warning, in a facade's own words: once for each flag key and
   * message, up to 100 in all.
   */
  reportMistake({ flagKey, message, facts }: Mistake): void {
    this.#parts.mistakes.report(flagKey, message, () => facts ?? {});
  }

  /**
   * The text that the subject is assigned, and the action that the bandit behind it chooses, if there
   * is one. Logs the assignment, then the choice.
   *
   * @param subject - attributes apart by kind (see `ContextAttributes`) or flat.
   * @param actions - names, or attributes by name, apart by kind or flat. Their order does not matter
   * for the choice but for the last bits of its probability.
   * @returns `action` is `null` without a bandit, without actions, and where the bandit fails: do then
   * what you did before there was one.
   */
  getBanditAction(
    flagKey: string,
    subjectKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultValue: string,
  ): BanditResult {
    const request = { flagKey, subjectKey, subject, actions, defaultValue, wantsDetails: false };
    const { variation, action } = this.#parts.bandits.choose(request);
    return { variation, action };
  }

  /** {@link getBanditAction}, with the reason. */
  getBanditActionDetails(
    flagKey: string,
    subjectKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultValue: string,
  ): BanditDetails<Details> {
    const request = { flagKey, subjectKey, subject, actions, defaultValue, wantsDetails: true };
    const { variation, action, details, ...rest } = this.#parts.bandits.choose(request);
    return { variation, action, evaluationDetails: details as Details, ...rest }; // they were wanted
  }

  /**
   * The action that scores best with the first bandit that the flag refers to, or the default. Nothing
   * is drawn, assigned or logged: only for where the choice cannot be measured, such as for a crawler.
   */
  getBestAction(
    flagKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultAction: string,
  ): string {
    return this.#parts.bandits.best(flagKey, subject, actions, defaultAction);
  }

  /**
   * The answers of all flags for one subject, as a string for a client that only looks them up, such as
   * one in a browser (see `createPrecomputedClient`). Keys are hashed and values encoded. Nothing is
   * logged, and overrides are ignored. A flag that fails is left out.
   *
   * @param banditActions - what bandits choose from, by flag; bandits of other flags do not choose.
   * @param salt - for the hashes of keys; default: random.
   * @returns in graceful mode no answers at all if JSON cannot express the subject or an argument is unusable.
   * @throws OptionError if the dialect has no such format; in strict mode EvaluationError.
   */
  getPrecomputedConfiguration(
    subjectKey: string,
    subject?: BanditSubject | null,
    banditActions?: Readonly<Record<string, BanditActions>>,
    salt?: string,
  ): string {
    return this.#parts.precompute({
      subjectKey,
      subject: subject ?? {},
      banditActions: banditActions ?? {},
      salt,
    });
  }

  /**
   * A client that answers with these variations instead, and shares everything else with this one.
   * They replace overrides that this client has. Without any, it is this client.
   *
   * @throws OptionError if one of them is not `{ key, value }`.
   */
  withOverrides(overrides: Overrides): Client<Details, Extras> {
    const read = readOverrides(overrides);
    if (read.size === 0) return this;
    const evaluator = this.#evaluator.withOverrides(read);
    return new Client({ ...this.#parts, evaluator, bandits: this.#parts.bandits.over(evaluator) });
  }

  /** Variation keys of the overrides, by flag key. */
  getOverrideVariationKeys(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.#evaluator.overrides].map(([flagKey, { key }]) => [flagKey, key]),
    );
  }

  /**
   * Serves this configuration from now on; the next poll, if any, replaces it.
   *
   * @throws OptionError if it is of another dialect than the client.
   */
  setConfiguration(configuration: Configuration): void {
    this.#parts.lifecycle.setConfiguration(configuration);
  }

  /** The configuration that is served, or `null`. */
  getConfiguration(): Configuration | null {
    return this.#parts.lifecycle.store.configuration;
  }

  /** Keys of all flags (hashes, if the configuration is obfuscated); empty without a configuration. */
  getFlagKeys(): ReadonlySet<string> {
    return this.getConfiguration()?.flagKeys ?? NO_KEYS;
  }

  /** Keys of all bandit models; empty without a configuration. */
  getBanditKeys(): ReadonlySet<string> {
    return this.getConfiguration()?.bandits?.keys ?? NO_KEYS;
  }

  /** Whether there is a configuration, fetched or set. */
  isInitialized(): boolean {
    return this.getConfiguration() !== null;
  }

  /**
   * Waits for the first configuration. Settles early when none can come; never rejects.
   *
   * @param options - `timeoutMs`: default `readyTimeoutMs`.
   */
  waitForInitialization(
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignalLike } = {},
  ): Promise<ReadyResult> {
    const { lifecycle, readyTimeoutMs } = this.#parts;
    return lifecycle.waitForReady(options.timeoutMs ?? readyTimeoutMs, options.signal);
  }

  /** On: getters answer with the default value instead of throwing. */
  setIsGracefulFailureMode(isGraceful: boolean): void {
    this.#evaluator.mode.isGraceful = isGraceful;
  }

  /**
   * Sets or replaces the logger, or several that each get everything. They receive what waited for
   * one; what a former logger has accepted stays with that. `null`: log nothing from now on.
   *
   * @throws OptionError if one is no logger, or two have the same name.
   */
  setAssignmentLogger(loggers: Loggers | null): void {
    const { exposures, lifecycle } = this.#parts;
    checkLoggers(loggers);
    if (!lifecycle.refuseClosed("setAssignmentLogger")) exposures.setLoggers(loggers);
  }

  /**
   * Asks the source now, or joins an attempt in flight. Never rejects.
   *
   * @param options - `timeoutMs`: default `requestTimeoutMs`.
   */
  refresh(options: { readonly timeoutMs?: number } = {}): Promise<RefreshResult> {
    const { lifecycle, requestTimeoutMs } = this.#parts;
    return lifecycle.refresh(options.timeoutMs ?? requestTimeoutMs);
  }

  /** Waits until the loggers have what was logged so far, and flushes them. Never rejects. */
  flush(
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignalLike } = {},
  ): Promise<FlushResult> {
    const { lifecycle } = this.#parts;
    return lifecycle.flush(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, options.signal);
  }

  /** Listens to an event; the result stops that. Listeners run synchronously. */
  on<Name extends keyof ClientEvents>(name: Name, listener: ClientListener<Name>): () => void {
    return this.#parts.listeners.add(name, listener);
  }

  /** A frozen picture of how things stand. */
  get status(): ClientStatus {
    return this.#parts.lifecycle.status;
  }

  /**
   * Ends polling, refuses new events, flushes, and closes the loggers that it owns, within the
   * deadline. Never rejects; a second call returns the first one's promise. Evaluation goes on with
   * the last configuration.
   */
  close(options: { readonly timeoutMs?: number } = {}): Promise<FlushResult> {
    return this.#parts.lifecycle.close(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  }

  /** {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
