import type { ClientStatus, FlushResult, ValueType } from "@sortition/core";
import { inspectAs, withOwnSettings, withUncheckedOverrides } from "@sortition/core/internal";
import type { EventDispatcher } from "../events/event-dispatcher.js";
import type { AssignmentCache } from "./cache/assignment-cache.js";
import { CustomCacheStore } from "./cache/custom-cache-store.js";
import type { ClientState, EppoClientParts } from "./client-state.js";
import type { IConfigurationStore, ISyncStore } from "./configuration/configuration-store.js";
import { type FlagEvaluation, flagEvaluation } from "./configuration/flag-evaluation.js";
import {
  type BanditParameters,
  type BanditVariation,
  type ConfigurationStores,
  configurationOf,
} from "./configuration/stored-configuration.js";
import { wireOf } from "./configuration/wire.js";
import { entryOf, type IContainerExperiment } from "./container-entry.js";
import { expiringMemory } from "./expiring-memory.js";
import type { IAssignmentLogger } from "./model/assignment-event.js";
import type {
  Attributes,
  BanditActions,
  BanditSubjectAttributes,
  ContextAttributes,
} from "./model/attributes.js";
import type { IBanditLogger } from "./model/bandit-event.js";
import type { IAssignmentDetails } from "./model/evaluation-details.js";
import type { Flag, Variation, VariationType } from "./model/flag.js";
import { clientFor, overrideOf } from "./overrides/store-overrides.js";
import { usableOverrides } from "./overrides/usable-overrides.js";
import { type FlagConfigurationRequestParameters, pollingRules } from "./request-parameters.js";
import { cacheSize } from "./taken-values.js";
import { asVendors, vendorDetails } from "./vendor-details.js";

/** Deadline of {@link EppoClient.flush} and {@link EppoClient.close}. */
export interface EndOptions {
  /** Maximum time in ms. Default: 5,000. */
  readonly timeoutMs?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 5_000;
const UNLIMITED = { max: Number.POSITIVE_INFINITY };
const TYPES: readonly unknown[] = ["STRING", "INTEGER", "NUMERIC", "BOOLEAN", "JSON"];
/** Replaces an expected type that does not exist, such as `string`. No flag has this type. */
const NO_TYPE = "unknown" as ValueType;

/**
 * The vendor's client, implemented with this library's client. Evaluation is synchronous and does
 * no I/O.
 *
 * Every getter takes the flag's key, the subject's key, its attributes and the default value, which
 * is returned if nothing is assigned. In graceful mode no getter throws.
 */
export class EppoClient {
  // Not enumerable. Not a private name either, which would not be accessible through a `Proxy` or
  // an object created with `Object.create`.
  declare private readonly inner: ClientState;

  /** @internal Created by `init`. */
  constructor(
    parts: EppoClientParts,
    own: Partial<Pick<ClientState, "native" | "overrides" | "isStrict">> &
      Pick<ClientState, "nextRequests"> = { nextRequests: null },
  ) {
    const { isStrict = false, native = parts.native, nextRequests, overrides = null } = own;
    const inner: ClientState = {
      parts,
      native,
      overrides,
      overrideStore: null,
      isStrict,
      nextRequests,
    };
    // Not extensible, so that proxies that wrap returned objects, such as Vue's, leave it
    // unwrapped.
    Object.defineProperty(this, "inner", { value: Object.preventExtensions(inner) });
    inspectAs(this, "EppoClient", () => inner.native);
  }

  /** Returns the string assigned to the subject, or the default value. */
  getStringAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes,
    defaultValue: string,
  ): string {
    const client = clientFor(this.inner, flagKey);
    return client.getStringAssignment(flagKey, subjectKey, subjectAttributes, defaultValue);
  }

  /** Like {@link getStringAssignment}, with details. */
  getStringAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes,
    defaultValue: string,
  ): IAssignmentDetails<string> {
    const client = clientFor(this.inner, flagKey);
    return vendorDetails(
      client.getStringAssignmentDetails(flagKey, subjectKey, subjectAttributes, defaultValue),
    );
  }

  /** @deprecated use {@link getBooleanAssignment}. */
  getBoolAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes,
    defaultValue: boolean,
  ): boolean {
    return this.getBooleanAssignment(flagKey, subjectKey, subjectAttributes, defaultValue);
  }

  /** Returns the boolean assigned to the subject, or the default value. */
  getBooleanAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes,
    defaultValue: boolean,
  ): boolean {
    const client = clientFor(this.inner, flagKey);
    return client.getBooleanAssignment(flagKey, subjectKey, subjectAttributes, defaultValue);
  }

  /** Like {@link getBooleanAssignment}, with details. */
  getBooleanAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes,
    defaultValue: boolean,
  ): IAssignmentDetails<boolean> {
    const client = clientFor(this.inner, flagKey);
    return vendorDetails(
      client.getBooleanAssignmentDetails(flagKey, subjectKey, subjectAttributes, defaultValue),
    );
  }

  /** Returns the integer assigned to the subject, or the default value. */
  getIntegerAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes,
    defaultValue: number,
  ): number {
    const client = clientFor(this.inner, flagKey);
    return client.getIntegerAssignment(flagKey, subjectKey, subjectAttributes, defaultValue);
  }

  /** Like {@link getIntegerAssignment}, with details. */
  getIntegerAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes,
    defaultValue: number,
  ): IAssignmentDetails<number> {
    const client = clientFor(this.inner, flagKey);
    return vendorDetails(
      client.getIntegerAssignmentDetails(flagKey, subjectKey, subjectAttributes, defaultValue),
    );
  }

  /** Returns the number assigned to the subject, or the default value. */
  getNumericAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes,
    defaultValue: number,
  ): number {
    const client = clientFor(this.inner, flagKey);
    return client.getNumericAssignment(flagKey, subjectKey, subjectAttributes, defaultValue);
  }

  /** Like {@link getNumericAssignment}, with details. */
  getNumericAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes,
    defaultValue: number,
  ): IAssignmentDetails<number> {
    const client = clientFor(this.inner, flagKey);
    return vendorDetails(
      client.getNumericAssignmentDetails(flagKey, subjectKey, subjectAttributes, defaultValue),
    );
  }

  /**
   * Returns the JSON value assigned to the subject, or the default value. Each call returns a new
   * object.
   */
  getJSONAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes,
    defaultValue: object,
  ): object {
    const client = clientFor(this.inner, flagKey);
    return client.getJSONAssignment(flagKey, subjectKey, subjectAttributes, defaultValue);
  }

  /** Like {@link getJSONAssignment}, with details. */
  getJSONAssignmentDetails(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes,
    defaultValue: object,
  ): IAssignmentDetails<object> {
    const client = clientFor(this.inner, flagKey);
    return vendorDetails(
      client.getJSONAssignmentDetails(flagKey, subjectKey, subjectAttributes, defaultValue),
    );
  }

  /**
   * Returns the string assigned to the subject, and the action chosen by its bandit, if there is
   * one. Logs the assignment, then the action.
   */
  getBanditAction(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: BanditSubjectAttributes,
    actions: BanditActions,
    defaultValue: string,
  ): Omit<IAssignmentDetails<string>, "evaluationDetails"> {
    const client = clientFor(this.inner, flagKey);
    return client.getBanditAction(flagKey, subjectKey, subjectAttributes, actions, defaultValue);
  }

  /** Like {@link getBanditAction}, with details. */
  getBanditActionDetails(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: BanditSubjectAttributes,
    actions: BanditActions,
    defaultValue: string,
  ): IAssignmentDetails<string> {
    const client = clientFor(this.inner, flagKey);
    const details = client.getBanditActionDetails(
      flagKey,
      subjectKey,
      subjectAttributes,
      actions,
      defaultValue,
    );
    return vendorDetails({ ...details, value: details.variation });
  }

  /**
   * Returns the action with the best score of the first bandit that the flag refers to. Nothing is
   * assigned or logged.
   */
  getBestAction(
    flagKey: string,
    subjectAttributes: BanditSubjectAttributes,
    actions: BanditActions,
    defaultAction: string,
  ): string {
    return this.inner.native.getBestAction(flagKey, subjectAttributes, actions, defaultAction);
  }

  /**
   * Returns the entry of the assigned variation: `control`, or one of `treatment-1`, `treatment-2`
   * and so on by its number.
   */
  getExperimentContainerEntry<T>(
    flagExperiment: IContainerExperiment<T>,
    subjectKey: string,
    subjectAttributes: Attributes,
  ): T {
    const { flagKey } = flagExperiment;
    const variation = this.getStringAssignment(flagKey, subjectKey, subjectAttributes, "control");
    return entryOf(flagExperiment, variation, () => {
      const message = "the variation has no container entry: control is shown";
      this.inner.parts.diagnostics.warn(message, { flagKey, variation });
    });
  }

  /**
   * Returns the vendor's record of one evaluation, for debugging. The assignment is logged.
   *
   * @throws Error for a blank key; in strict mode also for a flag of another type or one that
   * cannot be evaluated.
   */
  getAssignmentDetail(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Attributes = {},
    expectedVariationType?: VariationType,
  ): FlagEvaluation {
    if (isBlank(subjectKey)) throw new Error("Invalid argument: subjectKey cannot be blank");
    if (isBlank(flagKey)) throw new Error("Invalid argument: flagKey cannot be blank");
    const isKnown = TYPES.includes(expectedVariationType);
    const expected = isKnown ? (expectedVariationType?.toLowerCase() as ValueType) : NO_TYPE;
    const override = overrideOf(this.inner, flagKey);
    // An override may have any type.
    const expectedType = override || expectedVariationType === undefined ? null : expected;
    const request = { flagKey, subjectKey, subjectAttributes, expectedType };
    const client = clientFor(this.inner, flagKey, isKnown ? undefined : `${expectedVariationType}`);
    const configuration = client.getConfiguration();
    const { evaluationDetails } = client.evaluate(request);
    const details = asVendors(evaluationDetails);
    if (expectedType === NO_TYPE) {
      details.flagEvaluationDescription = details.flagEvaluationDescription.replace(
        "but expected UNKNOWN ",
        () => `but expected ${expectedVariationType} `,
      );
    }
    return flagEvaluation({ ...request, details, override, configuration });
  }

  /**
   * Returns the results of all flags for one subject, as a string for a client that only looks them
   * up, for example in a browser. Nothing is logged, and overrides are ignored.
   *
   * @param salt - salt for hashing keys. Default: random.
   */
  getPrecomputedConfiguration(
    subjectKey: string,
    subjectAttributes: Attributes | ContextAttributes = {},
    banditActions: Record<string, BanditActions> = {},
    salt?: string,
  ): string {
    return this.inner.native.getPrecomputedConfiguration(
      subjectKey,
      subjectAttributes,
      banditActions,
      // An untyped caller may pass a number, which is hashed as a string.
      salt === undefined || salt === null ? undefined : `${salt}`,
    );
  }

  /**
   * Returns a client that returns these variations instead. Its loggers, caches and failure mode
   * start out as this client's, and its setters only change the copy. Configurations and polling
   * are shared. Returns this client if there are no variations.
   */
  withOverrides(overrides: Record<string, Variation> | undefined): EppoClient {
    // `parseOverrides` may return null.
    if (!overrides || Object.keys(overrides).length === 0) return this;
    shareWaiting(this.inner.parts);
    const relay = this.inner.parts.relay.copy();
    const native = withOwnSettings(this.inner.parts.native, relay);
    const usable = usableOverrides(overrides, (flagKeys) => {
      const message = "overrides ignored: expected { key, value } with a string key";
      this.inner.parts.diagnostics.warn(message, { flagKeys });
    });
    const parts = { ...this.inner.parts, native, relay };
    const { isStrict, nextRequests } = this.inner;
    return clientOf(parts, {
      native: withUncheckedOverrides(native, usable),
      overrides: { ...usable },
      isStrict,
      nextRequests,
    });
  }

  /**
   * Returns variations from this store instead of the configuration's. The store is read on each
   * call. Without a store, this is the same as {@link unsetOverrideStore}.
   */
  setOverrideStore(store: ISyncStore<Variation> | null | undefined): void {
    this.inner.native = this.inner.parts.native;
    this.inner.overrides = null;
    this.inner.overrideStore = store ?? null;
  }

  /** Removes the overrides of {@link setOverrideStore} and {@link withOverrides}. */
  unsetOverrideStore(): void {
    this.setOverrideStore(null);
  }

  /** Returns the variation keys of the overrides by flag key. */
  getOverrideVariationKeys(): Record<string, string> {
    const store = this.inner.overrideStore;
    if (store === null) return { ...this.inner.native.getOverrideVariationKeys() };
    const keys = Object.entries(store.entries()).map(([flagKey, { key }]) => [flagKey, key]);
    return Object.fromEntries(keys) as Record<string, string>; // keys are strings
  }

  /**
   * Reads the header `x-eppo-overrides` of the vendor's browser extension, and validates its key
   * with the vendor's server. Rejects if either fails.
   */
  async parseOverrides(
    overridePayload: string | undefined,
  ): Promise<Record<string, Variation> | undefined> {
    if (!overridePayload) return undefined;
    return this.inner.parts.overrideHeader.read(overridePayload);
  }

  /**
   * Fetches the configuration with retries and starts polling, as `init` does. Rejects with an
   * `HttpRequestError` unless `throwOnFailedInitialization` is false.
   */
  async fetchFlagConfigurations(): Promise<void> {
    const next = this.inner.nextRequests;
    if (next === undefined) {
      const message =
        "Eppo SDK unable to fetch flag configurations without configuration request parameters";
      throw new Error(message);
    }
    this.inner.nextRequests = null;
    this.inner.parts.origin.restart();
    if (next !== null) this.inner.parts.origin.replace(next.origin);
    return this.inner.parts.fetching.start(next?.rules);
  }

  /**
   * Stops polling until the next {@link fetchFlagConfigurations}. A running `init` still makes its
   * attempts.
   */
  stopPolling(): void {
    this.inner.parts.fetching.stop();
  }

  /**
   * Changes where and when configurations are fetched. Takes effect with the next {@link
   * fetchFlagConfigurations}.
   *
   * @throws OptionError for an invalid value.
   */
  setConfigurationRequestParameters(parameters: FlagConfigurationRequestParameters): void {
    const { createOrigin, pollJitterMs, taken } = this.inner.parts;
    // An untyped caller may pass nothing.
    if (!parameters) {
      this.inner.nextRequests = undefined;
      return;
    }
    const rules = pollingRules(parameters, taken, pollJitterMs);
    this.inner.nextRequests = { rules, origin: createOrigin(parameters) };
  }

  /**
   * Returns the keys of all flags (hashes, if the configuration is obfuscated). Empty without a
   * configuration.
   */
  getFlagKeys(): string[] {
    return [...this.inner.native.getFlagKeys()];
  }

  /** Returns all flags as the server sent them. */
  getFlagConfigurations(): Record<string, Flag> {
    return wireOf(this.inner.native.getConfiguration()).flags;
  }

  /** Whether the client has a configuration. */
  isInitialized(): boolean {
    return this.inner.native.isInitialized();
  }

  /** Sets whether getters return the default value instead of throwing. */
  setIsGracefulFailureMode(gracefulFailureMode: boolean): void {
    this.inner.isStrict = !gracefulFailureMode;
    this.inner.native.setIsGracefulMode(!this.inner.isStrict);
  }

  /**
   * Sets or replaces the assignment logger. It also receives assignments that were waiting for a
   * logger. `null` drops them.
   */
  setAssignmentLogger(logger: IAssignmentLogger): void {
    const { native, relay } = this.inner.parts;
    // The inner client keeps events until it has a logger.
    if (!logger) native.setAssignmentLogger(relay);
    relay.setAssignmentLogger(logger || null);
    native.setAssignmentLogger(relay);
  }

  /** @deprecated use {@link setAssignmentLogger}. */
  setLogger(logger: IAssignmentLogger): void {
    this.setAssignmentLogger(logger);
  }

  /**
   * Sets or replaces the bandit logger. It also receives actions that were waiting for a logger.
   * `null` drops them.
   */
  setBanditLogger(logger: IBanditLogger): void {
    const { native, relay } = this.inner.parts;
    if (!logger) native.setAssignmentLogger(relay);
    relay.setBanditLogger(logger || null);
    native.setAssignmentLogger(relay);
  }

  /** Logs every assignment. */
  disableAssignmentCache(): void {
    this.inner.native.setDeduplication({ assignments: false });
  }

  /** Logs an assignment again only after another one of the same subject and flag. */
  useNonExpiringInMemoryAssignmentCache(): void {
    this.inner.native.setDeduplication({ assignments: UNLIMITED });
  }

  /**
   * Like {@link useNonExpiringInMemoryAssignmentCache}, but only for the most recently used
   * subjects and flags.
   */
  useLRUInMemoryAssignmentCache(maxSize: number): void {
    this.inner.native.setDeduplication({ assignments: { max: cacheSize(maxSize) } });
  }

  /** Logs an assignment unless it is in the caller's cache. */
  useCustomAssignmentCache(cache: AssignmentCache): void {
    shareWaiting(this.inner.parts);
    const assignments = new CustomCacheStore(cache, "assignment");
    this.inner.native.setDeduplication({ assignments });
  }

  /** Logs every bandit action. */
  disableBanditAssignmentCache(): void {
    this.inner.native.setDeduplication({ bandits: false });
  }

  /** Logs an action again only after another one of the same subject and flag. */
  useNonExpiringInMemoryBanditAssignmentCache(): void {
    this.inner.native.setDeduplication({ bandits: UNLIMITED });
  }

  /**
   * Like {@link useNonExpiringInMemoryBanditAssignmentCache}, but only for the most recently used
   * subjects and flags.
   *
   * @param timeout - time without a use after which an action is logged again, in ms. Default:
   * 600,000.
   */
  useExpiringInMemoryBanditAssignmentCache(maxSize: number, timeout?: number): void {
    const { clock } = this.inner.parts;
    this.inner.native.setDeduplication({ bandits: expiringMemory(clock, maxSize, timeout) });
  }

  /** Logs a bandit action unless it is in the caller's cache. */
  useCustomBanditAssignmentCache(cache: AssignmentCache): void {
    shareWaiting(this.inner.parts);
    const bandits = new CustomCacheStore(cache, "bandit");
    this.inner.native.setDeduplication({ bandits });
  }

  /** Serves the flags that are currently in the store. The next poll replaces them. */
  setFlagConfigurationStore(flagConfigurationStore: IConfigurationStore<Flag>): void {
    serveStores(this.inner.parts, { flags: flagConfigurationStore });
  }

  /**
   * Serves the bandits' variations that are currently in the store, together with the flags of a
   * store.
   */
  setBanditVariationConfigurationStore(
    banditVariationConfigurationStore: IConfigurationStore<BanditVariation[]>,
  ): void {
    serveStores(this.inner.parts, { banditVariations: banditVariationConfigurationStore });
  }

  /**
   * Serves the bandit models that are currently in the store, together with the flags of a store.
   */
  setBanditModelConfigurationStore(
    banditModelConfigurationStore: IConfigurationStore<BanditParameters>,
  ): void {
    serveStores(this.inner.parts, { banditModels: banditModelConfigurationStore });
  }

  /** @deprecated Has no effect, because the format of the configuration decides. */
  setIsObfuscated(_isObfuscated: boolean): void {
    this.inner.parts.diagnostics.warn("setIsObfuscated has no effect");
  }

  /** Sets the receiver of {@link track}'s events. */
  setEventDispatcher(eventDispatcher: EventDispatcher): void {
    this.inner.parts.dispatcher = eventDispatcher;
  }

  /** Adds a value that is sent with all events of {@link track}. `null` removes it. */
  setContext(key: string, value: string | number | boolean | null): void {
    // An untyped caller may have set none.
    const dispatcher: EventDispatcher | null | undefined = this.inner.parts.dispatcher;
    dispatcher?.attachContext(key, value);
  }

  /** Passes an event of the application to the event dispatcher. */
  track(type: string, payload: Record<string, unknown>): void {
    const timestamp = this.inner.parts.clock.now();
    // Not imported, because it takes time to load.
    const { randomUUID } = process.getBuiltinModule("node:crypto");
    this.inner.parts.dispatcher.dispatch({ uuid: randomUUID(), type, timestamp, payload });
  }

  /** Returns a snapshot of the state. Not in the vendor's SDK. */
  get status(): ClientStatus {
    return this.inner.native.status;
  }

  /**
   * Waits until all logged and tracked events are delivered. Never rejects.
   *
   * Not in the vendor's SDK.
   */
  async flush({ timeoutMs = DEFAULT_TIMEOUT_MS }: EndOptions = {}): Promise<FlushResult> {
    const { trackedEvents, native } = this.inner.parts;
    const tracked = trackedEvents?.flush(timeoutMs);
    const result = await native.flush({ timeoutMs });
    await tracked;
    return result;
  }

  /**
   * Stops polling, delivers logged and tracked events, and closes connections within the deadline.
   * Never rejects. Not in the vendor's SDK.
   */
  async close({ timeoutMs = DEFAULT_TIMEOUT_MS }: EndOptions = {}): Promise<FlushResult> {
    const { fetching, trackedEvents, native, requester } = this.inner.parts;
    fetching.stop(true);
    const tracked = trackedEvents?.close(timeoutMs);
    const result = await native.close({ timeoutMs });
    await tracked;
    requester.release();
    return result;
  }
}

/**
 * Serves the current content of the user's stores. Bandits alone are not a configuration, so there
 * must be a store of flags.
 */
function serveStores(
  { native, stores }: EppoClientParts,
  changed: Partial<ConfigurationStores>,
): void {
  Object.assign(stores, changed);
  if (stores.flags !== null) {
    native.setConfiguration(configurationOf(stores, native.getConfiguration()));
  }
}

/**
 * Lets events wait in the relay from now on, in a single order for all copies and visible to
 * caches.
 */
function shareWaiting({ native, relay }: EppoClientParts): void {
  if (!relay.hasLogger) native.setAssignmentLogger(relay);
}

/** Checks as the vendor does: 0 is a valid key. */
function isBlank(key: string | null | undefined): boolean {
  return (key ?? "").length === 0;
}

// Not in the class, because bundlers rename a class that refers to itself.
function clientOf(...parts: ConstructorParameters<typeof EppoClient>): EppoClient {
  return new EppoClient(...parts);
}
