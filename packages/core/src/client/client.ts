import type { FlushResult } from "../events/flush.js";
import type { Loggers } from "../events/loggers.js";
import type { Attributes } from "../model/attributes.js";
import type { BanditActions, BanditSubject } from "../model/bandit.js";
import type { Configuration } from "../model/configuration.js";
import type { AbortSignalLike } from "../runtime/host.js";
import type { AsyncDisposal } from "./async-disposal.js";
import type { AssignmentDetails } from "./evaluation/assignment-details.js";
import type { BanditDetails, BanditResult } from "./evaluation/bandit-evaluator.js";
import type { EvaluationRequest } from "./evaluation/evaluation-request.js";
import type { DeduplicationOptions } from "./exposure-options.js";
import type { RefreshResult } from "./lifecycle/lifecycle.js";
import type { ClientEvents, ClientListener } from "./lifecycle/listeners.js";
import type { ReadyResult } from "./lifecycle/ready-result.js";
import type { ClientStatus } from "./lifecycle/status.js";
import type { Overrides } from "./overrides.js";
import type { SubjectClient, SubjectOptions } from "./subject-client.js";

/**
 * Assigns subjects to variations, and keeps its configuration fresh. Evaluation is synchronous and does no I/O in any
 * state, including before the first configuration and after `close`.
 *
 * Its methods are not own members, so `{ ...client }` compiles but has none of them. For a stub in a test, type your code
 * with the methods that it uses, such as `Pick<Client, "getBooleanAssignment">`.
 *
 * Every getter takes the flag's key, the subject's key, its attributes (`null` and `undefined` mean `{}`) and the
 * default value, which it returns if nothing is assigned. In graceful mode, getters never throw.
 */
export interface Client<Details extends object = object, Extras = unknown> extends AsyncDisposal {
  /**
   * Returns the boolean assigned to the subject, or the default value.
   *
   * ```ts
   * const isNew = client.getBooleanAssignment("new-ui", user.id, { plan: user.plan }, false);
   * ```
   *
   * @param flagKey - key of the flag.
   * @param subjectKey - key of the user, account or other subject, such as `user.id`.
   * @param subjectAttributes - attributes that rules read. Default: none.
   * @param defaultValue - returned if nothing is assigned, and in graceful mode if the evaluation fails.
   */
  getBooleanAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: boolean,
  ): boolean;

  /**
   * Returns the integer assigned to the subject, or the default value.
   *
   * ```ts
   * const pageSize = client.getIntegerAssignment("page-size", user.id, {}, 20);
   * ```
   *
   * @param flagKey - key of the flag.
   * @param subjectKey - key of the user, account or other subject, such as `user.id`.
   * @param subjectAttributes - attributes that rules read. Default: none.
   * @param defaultValue - returned if nothing is assigned, and in graceful mode if the evaluation fails.
   */
  getIntegerAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: number,
  ): number;

  /**
   * Returns the number assigned to the subject, or the default value.
   *
   * ```ts
   * const discount = client.getNumericAssignment("discount", user.id, {}, 0.1);
   * ```
   *
   * @param flagKey - key of the flag.
   * @param subjectKey - key of the user, account or other subject, such as `user.id`.
   * @param subjectAttributes - attributes that rules read. Default: none.
   * @param defaultValue - returned if nothing is assigned, and in graceful mode if the evaluation fails.
   */
  getNumericAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: number,
  ): number;

  /**
   * Returns the string assigned to the subject, or the default value.
   *
   * ```ts
   * const form = client.getStringAssignment("checkout", user.id, { country: "DK" }, "standard");
   * ```
   *
   * @param flagKey - key of the flag.
   * @param subjectKey - key of the user, account or other subject, such as `user.id`.
   * @param subjectAttributes - attributes that rules read. Default: none.
   * @param defaultValue - returned if nothing is assigned, and in graceful mode if the evaluation fails.
   */
  getStringAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: string,
  ): string;

  /**
   * Returns the JSON value assigned to the subject, or the default value. Each call returns a new value. Its shape is
   * not checked against `T`.
   *
   * ```ts
   * const layout = client.getJSONAssignment("layout", user.id, {}, { columns: 1 });
   * ```
   *
   * @param flagKey - key of the flag.
   * @param subjectKey - key of the user, account or other subject, such as `user.id`.
   * @param subjectAttributes - attributes that rules read. Default: none.
   * @param defaultValue - returned if nothing is assigned, and in graceful mode if the evaluation fails.
   */
  getJSONAssignment<T extends object | null>(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: T,
  ): T;

  /** Like {@link getBooleanAssignment}, with details. */
  getBooleanAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: boolean,
  ): AssignmentDetails<boolean, Details>;

  /** Like {@link getIntegerAssignment}, with details. */
  getIntegerAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: number,
  ): AssignmentDetails<number, Details>;

  /** Like {@link getNumericAssignment}, with details. */
  getNumericAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: number,
  ): AssignmentDetails<number, Details>;

  /** Like {@link getStringAssignment}, with details. */
  getStringAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: string,
  ): AssignmentDetails<string, Details>;

  /** Like {@link getJSONAssignment}, with details. */
  getJSONAssignmentDetails<T extends object | null>(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: T,
  ): AssignmentDetails<T, Details>;

  /**
   * Evaluates a flag for a drop-in, of any type unless `expectedType` is given. `extras` are the values that the
   * dialect needs in addition to attributes. Mistakes are counted, and only reported to callers that name their `getters`,
   * because drop-ins have their own messages.
   */
  evaluate(request: EvaluationRequest<Extras>): AssignmentDetails<unknown, Details>;

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
  ): BanditResult;

  /** Like {@link getBanditAction}, with details. */
  getBanditActionDetails(
    flagKey: string,
    subjectKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultValue: string,
  ): BanditDetails<Details>;

  /**
   * Returns the action with the best score from the first bandit that the flag refers to, or the default. Nothing is
   * drawn, assigned or logged, so use it only where the choice need not be measured, e.g. for a crawler.
   */
  getBestAction(
    flagKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultAction: string,
  ): string;

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
  ): string;

  /**
   * Returns a client of one subject, for the length of one request. It pins the configuration and the attributes, so its
   * values do not change until the request ends.
   *
   * ```ts
   * const flags = client.forSubject({ subjectKey: user.id, attributes: { plan: user.plan } });
   * flags.getStringAssignment("checkout", "standard");
   * flags.getBooleanAssignment("new-ui", false);
   * ```
   *
   * @throws OptionError for an unknown option or an invalid value.
   */
  forSubject(options: SubjectOptions<Extras>): SubjectClient<Details>;

  /**
   * Returns a client that uses these variations instead of evaluating, and shares everything else with this client. They
   * are added to the overrides of this client. One that is unknown, or whose value does not fit the getter, is ignored,
   * reported once and counted as `ignoredOverride`. Returns this client if there are none.
   *
   * @throws OptionError if an override is neither a variation key nor `{ key, value }`.
   */
  withOverrides(overrides: Overrides): Client<Details, Extras>;

  /** Variation keys of the overrides, by flag key. */
  getOverrideVariationKeys(): Readonly<Record<string, string>>;

  /**
   * Serves this configuration from now on. The next poll, if any, replaces it.
   *
   * @throws OptionError if it belongs to another dialect than the client.
   */
  setConfiguration(configuration: Configuration): void;

  /** Returns the configuration in use, or `null`. */
  getConfiguration(): Configuration | null;

  /**
   * Returns the keys of all flags, which are hashes if the configuration is obfuscated. Empty without a configuration.
   */
  getFlagKeys(): ReadonlySet<string>;

  /** Returns the keys of all bandit models. Empty without a configuration. */
  getBanditKeys(): ReadonlySet<string>;

  /** Whether the client has a configuration. */
  isInitialized(): boolean;

  /**
   * Waits for the first configuration. Resolves early if no configuration can be received. Never rejects.
   *
   * @param options - `timeoutMs`: default `initializationTimeoutMs`.
   */
  waitForInitialization(options?: {
    readonly timeoutMs?: number;
    readonly signal?: AbortSignalLike;
  }): Promise<ReadyResult>;

  /** If `isGraceful`, getters return the default value instead of throwing. */
  setIsGracefulMode(isGraceful: boolean): void;

  /**
   * Sets or replaces the logger, or several loggers that each receive every event. They receive the events that were
   * buffered without a logger. Events that the previous logger accepted stay with it. `null`: log nothing from now on.
   *
   * @throws OptionError if a value is not a logger, or two loggers have the same name.
   */
  setAssignmentLogger(loggers: Loggers | null): void;

  /**
   * Replaces the deduplication of the given kinds of events. The client forgets the events of these kinds that were
   * logged so far.
   *
   * @throws OptionError for an invalid value.
   */
  setDeduplication(options: DeduplicationOptions): void;

  /**
   * Starts an attempt at the source, or joins the one in progress. Never rejects.
   *
   * @param options - `timeoutMs`: default `requestTimeoutMs`. `holdsProcess`: whether the process stays alive
   * meanwhile, default `true`.
   */
  refresh(options?: {
    readonly timeoutMs?: number;
    readonly holdsProcess?: boolean;
  }): Promise<RefreshResult>;

  /** Waits until all events logged so far are delivered, and flushes the loggers. Never rejects. */
  flush(options?: {
    readonly timeoutMs?: number;
    readonly signal?: AbortSignalLike;
  }): Promise<FlushResult>;

  /** Adds a listener, which is called synchronously. The returned function removes it. */
  on<Name extends keyof ClientEvents>(name: Name, listener: ClientListener<Name>): () => void;

  /** A frozen snapshot of the state. */
  readonly status: ClientStatus;

  /**
   * Stops polling, refuses new events, flushes, and closes the loggers that the client owns, within the deadline. Never
   * rejects. A second call returns the promise of the first. Getters continue to evaluate the last configuration.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<FlushResult>;
}
