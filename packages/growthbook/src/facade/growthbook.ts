import type { ConfigurationOrigin, ConfigurationSource } from "@sortition/core/source";
import type { AutoExperiment, AutoExperimentVariation } from "../dialect/auto/auto-experiment.js";
import { contextualBanditsOf } from "../dialect/contextual-bandits.js";
import { decrypt } from "../dialect/decrypt.js";
import { EvaluationContext } from "../dialect/evaluation/context.js";
import { runExperiment } from "../dialect/evaluation/evaluate.js";
import { ObjectFeatures } from "../dialect/object-features.js";
import { savedGroupsOf } from "../dialect/saved-groups.js";
import type {
  Experiment,
  FeatureDefinition,
  FeatureResult,
  Result,
  StickyAssignmentsDocument,
} from "../dialect/wire.js";
import type { FeatureApiResponse, FeatureDefinitions, WidenPrimitives } from "../model/payload.js";
import type { StickyAttributeKey } from "../model/sticky.js";
import { VERSION } from "../version.js";
import { AutoExperiments } from "./auto-experiments.js";
import type {
  Attributes,
  CustomEventSubCallback,
  EventLogger,
  ExperimentViewedSubCallback,
  FeatureUsageCallback,
  FeatureUsageSubCallback,
  LogUnion,
  SubscriptionFunction,
  TrackingCallback,
  TrackingData,
} from "./callbacks.js";
import { decryptedPayload } from "./decrypted-payload.js";
import { hintAtExperiment } from "./experiment-hints.js";
import { type Assigned, InstanceEvents, subscription } from "./instance-events.js";
import { nestedContext } from "./nested-context.js";
import { checkOptions, INSTANCE_OPTIONS } from "./option-checks.js";
import type {
  DestroyOptions,
  InitOptions,
  InitResponse,
  InitSyncOptions,
  LoadFeaturesOptions,
  Options,
  RefreshFeaturesOptions,
  RenderFunction,
} from "./options.js";
import { outResult } from "./out-result.js";
import { checkRemoteOptions } from "./remote-options.js";
import { guarded, type Reports } from "./reports.js";
import type { FetchResponse } from "./repository/connection.js";
import { currentSubtle, type SubtleCryptoLike } from "./repository/polyfills.js";
import {
  configureCache,
  leaveRepository,
  type RefreshOptions,
  refreshPayload,
  startBackgroundSync,
  stopBackgroundSync,
} from "./repository/repository.js";
import {
  type ApiHosts,
  hostsOf,
  type PayloadUser,
  type RemoteQuestion,
} from "./repository/user.js";
import { evaluateSafely } from "./safe-evaluation.js";
import { SourceFollower } from "./source-follower.js";
import { stickyAttributes } from "./sticky/documents.js";
import type { StickyBucketServiceSync } from "./sticky/service.js";
import type { UserContext } from "./user-context.js";

/**
 * Features and experiments for one user, with the methods of `@growthbook/growthbook`.
 *
 * ```ts
 * const gb = new GrowthBook({ attributes: { id: "alice" }, features, trackingCallback });
 * if (gb.isOn("new-checkout")) { … }
 * gb.destroy();
 * ```
 *
 * An instance per request is cheap: features that are given as an object are compiled once per object.
 */
export class GrowthBook<AppFeatures extends object = Record<string, unknown>> {
  /** Whether features are there. */
  ready = false;
  readonly version: string = VERSION;

  readonly #options: Options;
  readonly #context = new EvaluationContext();
  readonly #events: InstanceEvents;
  #attributes: Attributes | undefined;
  #features: FeatureDefinitions | undefined;
  #experiments: AutoExperiment[] | undefined;
  #payload: FeatureApiResponse | undefined;
  #decryptedPayload: FeatureApiResponse | undefined;
  #stickyDocuments: Record<StickyAttributeKey, StickyAssignmentsDocument> | undefined;
  #isInitialized = false;
  #isDestroyed = false;
  #isEvaluating = false;
  // Made when they are first needed: most instances live for one request.
  #lazyAuto: AutoExperiments | null = null;
  #lazyPayloadUser: PayloadUser | null = null;
  #follower: SourceFollower | null = null;
  #completedChangeIds: Set<string> | null = null;
  #destroyCallbacks: (() => void)[] | null = null;

  /** @throws OptionError for a `source` beside a host or key; Error for remote evaluation that cannot work. */
  constructor(options: Options = {}) {
    this.#options = options;
    this.#events = new InstanceEvents(options);
    checkOptions(options, INSTANCE_OPTIONS, () => this.#reports);
    checkRemoteOptions(options);
    this.#fillContext(options);
    if (options.source !== undefined) this.#followSource(options.source);
    for (const plugin of options.plugins ?? []) plugin(this as unknown as GrowthBook);
    if (options.features) this.ready = true;
    if (options.experiments) {
      this.ready = true;
      this.#runAutoExperiments();
    }
    this.#storeGivenDocuments();
    if (this.ready && options.stickyBucketService)
      void this.refreshStickyBuckets(this.getPayload());
  }

  /** Whether evaluation steps are written to the debug log. */
  get debug(): boolean {
    return this.#events.debug;
  }
  /** Switches the debug log. */
  set debug(isOn: boolean) {
    this.#events.debug = isOn;
  }

  /** Entries of the debug log of `enableDevMode`. */
  get logs(): LogUnion[] {
    return this.#events.logs;
  }
  /** Replaces the entries. */
  set logs(logs: LogUnion[]) {
    this.#events.user.devLogs = logs;
  }

  // ── Payload ──────────────────────────────────────────────────────────────────────────────────────────

  /** Replaces the parts that the payload has. */
  async setPayload(payload: FeatureApiResponse): Promise<void> {
    this.#payload = payload;
    const data = await decryptedPayload(payload, this.#options.decryptionKey, this.#reports);
    this.#decryptedPayload = data;
    if (this.#options.stickyBucketService) await this.refreshStickyBuckets(data);
    this.#usePayload(data);
  }

  /** Sets a payload at once. @throws Error for an encrypted payload. */
  initSync(options: InitSyncOptions): this {
    this.#isInitialized = true;
    const { payload } = options;
    if (payload.encryptedExperiments || payload.encryptedFeatures) {
      throw new Error("initSync does not support encrypted payloads");
    }
    const { stickyBucketService: service } = this.#options;
    if (service && !this.#stickyDocuments) {
      // Guaranteed by the method, which checks it.
      const docs = this.generateStickyBucketAssignmentDocsSync(
        service as unknown as StickyBucketServiceSync,
        payload,
      );
      this.#setStickyDocuments(docs);
    }
    this.#payload = payload;
    this.#decryptedPayload = payload;
    this.#usePayload(payload);
    startBackgroundSync(this.#payloadUser, options);
    return this;
  }

  /** Gets the payload and sets it. Rejects only if there is no `clientKey`. */
  async init(options: InitOptions = {}): Promise<InitResponse> {
    this.#isInitialized = true;
    if (options.cacheSettings) configureCache(options.cacheSettings);
    if (options.payload) {
      await this.setPayload(options.payload);
      startBackgroundSync(this.#payloadUser, options);
      return { success: true, source: "init" };
    }
    if (this.#follower !== null) {
      const { data: _, ...outcome } = await this.#follower.ready(options.timeout);
      return outcome;
    }
    const { data, ...outcome } = await this.#refresh({ ...options, allowStale: true });
    if (this.#isDestroyed) return outcome;
    startBackgroundSync(this.#payloadUser, options);
    await this.setPayload(data || {});
    return outcome;
  }

  /** @deprecated Use {@link init}. */
  async loadFeatures(options: LoadFeaturesOptions = {}): Promise<void> {
    const { backgroundSync = true, subscribeToChanges } = this.#options;
    const { skipCache, timeout, autoRefresh } = options;
    const streaming = backgroundSync && !!(autoRefresh || subscribeToChanges);
    await this.init({ skipCache, timeout, streaming });
  }

  /** Requests the payload and sets it. */
  async refreshFeatures(options: RefreshFeaturesOptions = {}): Promise<void> {
    if (this.#follower !== null) return this.#follower.refresh();
    const { data } = await this.#refresh({ ...options, allowStale: false });
    if (data && !this.#isDestroyed) await this.setPayload(data);
  }

  /** The payload as it was set. */
  getPayload(): FeatureApiResponse {
    return this.#payload || { features: this.getFeatures(), experiments: this.getExperiments() };
  }

  /** The payload with its encrypted parts opened. */
  getDecryptedPayload(): FeatureApiResponse {
    return this.#decryptedPayload || this.getPayload();
  }

  /** Takes effect for the next evaluation. */
  setFeatures(features: Record<string, FeatureDefinition>): void {
    this.#setFeatures(features);
    this.ready = true;
  }

  /** @deprecated Use {@link setPayload}. */
  async setEncryptedFeatures(
    encryptedString: string,
    decryptionKey?: string,
    subtle?: SubtleCryptoLike,
  ): Promise<void> {
    const features = await this.#decrypted(encryptedString, decryptionKey, subtle);
    // As the vendor's: the caller says what it is.
    this.setFeatures(features as Record<string, FeatureDefinition>);
  }

  /** @deprecated Use {@link setPayload}. */
  setExperiments(experiments: AutoExperiment[]): void {
    this.#experiments = experiments;
    this.ready = true;
    this.#runAutoExperiments();
  }

  /** @deprecated Use {@link setPayload}. */
  async setEncryptedExperiments(
    encryptedString: string,
    decryptionKey?: string,
    subtle?: SubtleCryptoLike,
  ): Promise<void> {
    const experiments = await this.#decrypted(encryptedString, decryptionKey, subtle);
    // As the vendor's: the caller says what it is.
    this.setExperiments(experiments as AutoExperiment[]);
  }

  /** The features in force. */
  getFeatures(): FeatureDefinitions {
    return this.#features || {};
  }

  /** The auto experiments in force. */
  getExperiments(): AutoExperiment[] {
    return this.#experiments || [];
  }

  // ── Host ─────────────────────────────────────────────────────────────────────────────────────────────

  /** Host and client key. */
  getApiInfo(): [apiHost: string, clientKey: string] {
    return [this.getApiHosts().apiHost, this.getClientKey()];
  }

  /** Hosts, without trailing slashes, and the headers for them. */
  getApiHosts(): ApiHosts {
    return hostsOf(this.#options);
  }

  /** The client key; empty without one. */
  getClientKey(): string {
    return this.#options.clientKey || "";
  }

  /** Whether a server evaluates. */
  isRemoteEval(): boolean {
    return this.#options.remoteEval || false;
  }

  /** Attributes that distinguish answers of a remote evaluation. */
  getCacheKeyAttributes(): string[] | undefined {
    return this.#options.cacheKeyAttributes;
  }

  // ── User ─────────────────────────────────────────────────────────────────────────────────────────────

  /** Takes effect at once; what the promise waits for is sticky buckets and remote evaluation. */
  async setAttributes(attributes: Attributes): Promise<void> {
    this.#attributes = attributes;
    this.#updateAttributes();
    await this.#userChanged(true);
  }

  /** Adds attributes, or replaces those of the same name. */
  async updateAttributes(attributes: Attributes): Promise<void> {
    return this.setAttributes({ ...this.#attributes, ...attributes });
  }

  /** Sets attributes that win over the others. */
  async setAttributeOverrides(overrides: Attributes): Promise<void> {
    this.#user.attributeOverrides = overrides;
    this.#context.attributeOverrides = overrides ?? null;
    await this.#userChanged(true);
  }

  /** Forces variations by experiment key. */
  async setForcedVariations(vars: Record<string, number>): Promise<void> {
    this.#context.forcedVariations = vars || {};
    await this.#userChanged(false);
  }

  /** Forces values by feature key. */
  setForcedFeatures(map: Map<string, unknown>): void {
    this.#context.forcedFeatures = map;
  }

  /** Sets the URL of the current request. */
  async setURL(url: string): Promise<void> {
    if (url === this.getUrl()) return;
    this.#user.url = url;
    this.#context.url = url;
    if (this.#lazyAuto !== null) this.#lazyAuto.redirectUrl = "";
    if (this.#options.remoteEval) await this.#refreshRemotely();
    this.#runAutoExperiments();
  }

  /** The user's attributes, overrides on top. */
  getAttributes(): Attributes {
    return { ...this.#attributes, ...this.#user.attributeOverrides };
  }

  /** Forced variations by experiment key. */
  getForcedVariations(): Record<string, number> {
    // Set by `setForcedVariations` and the option.
    return (this.#context.forcedVariations as Record<string, number> | null) ?? {};
  }

  /** Forced values by feature key. */
  getForcedFeatures(): Map<string, unknown> {
    // Set by `setForcedFeatures` and the option.
    return (this.#context.forcedFeatures as Map<string, unknown> | null) ?? new Map();
  }

  /** The loaded sticky buckets. */
  getStickyBucketAssignmentDocs(): Record<StickyAttributeKey, StickyAssignmentsDocument> {
    return this.#stickyDocuments || {};
  }

  /** The URL of the current request; empty without one. */
  getUrl(): string {
    return this.#user.url || "";
  }

  /** Forces the variation of one experiment. */
  forceVariation(key: string, variation: number): void {
    // A copy: the object is the caller's.
    this.#context.forcedVariations = { ...this.#context.forcedVariations, [key]: variation };
    void this.#userChanged(false);
  }

  // ── Evaluation ───────────────────────────────────────────────────────────────────────────────────────

  /** Whether the value is truthy. */
  isOn<K extends string & keyof AppFeatures = string & keyof AppFeatures>(key: K): boolean {
    return this.#evaluate(key).on;
  }

  /** Whether the value is falsy. */
  isOff<K extends string & keyof AppFeatures = string & keyof AppFeatures>(key: K): boolean {
    return this.#evaluate(key).off;
  }

  /** The value, or the given one if it is `null`. */
  getFeatureValue<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(key: K, defaultValue: V): WidenPrimitives<V> {
    const { value } = this.#evaluate(key);
    // The type of a value is what the caller says it is.
    return (value === null ? defaultValue : value) as WidenPrimitives<V>;
  }

  /** @deprecated Use {@link evalFeature}. */
  feature<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(id: K): FeatureResult<V | null> {
    return this.evalFeature(id);
  }

  /** The value, and why it is that. */
  evalFeature<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(id: K): FeatureResult<V | null> {
    // The type of a value is what the caller says it is.
    return this.#evaluate(id) as FeatureResult<V | null>;
  }

  /** Runs an experiment that is written in code. */
  run<T>(experiment: Experiment<T>): Result<T> {
    hintAtExperiment(experiment, () => this.#reports);
    const result = this.#runExperiment(experiment);
    this.#events.ran(experiment, result);
    return result;
  }

  /** Runs the auto experiments of a key, manual ones too. */
  triggerExperiment(key: string): Result<AutoExperimentVariation>[] | null {
    // The key is remembered also if the experiments come later.
    const results = this.#auto.trigger(key);
    return this.#experiments === undefined ? null : results;
  }

  /** Runs auto experiments now and from now on. */
  triggerAutoExperiments(): void {
    this.#auto.isAllowed = true;
    this.#runAutoExperiments();
  }

  /** Where the redirect experiment that the user is in leads; empty without one. */
  getRedirectUrl(): string {
    return this.#lazyAuto?.redirectUrl ?? "";
  }

  /** The last result of each experiment. */
  getAllResults(): Map<string, Assigned> {
    return this.#events.results;
  }

  /** Ids of the changes whose experiments the user is in by chance. */
  getCompletedChangeIds(): string[] {
    return [...(this.#completedChangeIds ?? [])];
  }

  // ── Callbacks ────────────────────────────────────────────────────────────────────────────────────────

  /** Calls back when an experiment has another result than before. */
  subscribe(cb: SubscriptionFunction): () => void {
    return this.#events.subscribe(cb);
  }

  /** For plugins. */
  _subscribeFeatureUsage(cb: FeatureUsageSubCallback): () => void {
    this.#user.featureUsageSubs ??= new Set();
    return subscription(this.#user.featureUsageSubs, cb);
  }

  /** For plugins. */
  _subscribeExperimentViewed(cb: ExperimentViewedSubCallback): () => void {
    this.#user.experimentViewedSubs ??= new Set();
    return subscription(this.#user.experimentViewedSubs, cb);
  }

  /** For plugins. */
  _subscribeCustomEvents(cb: CustomEventSubCallback): () => void {
    return this.#events.subscribeCustomEvents(cb);
  }

  /** Results that no callback has received yet. */
  getDeferredTrackingCalls(): TrackingData[] {
    return this.#events.deferred;
  }

  /** Replaces the results that no callback has received yet. */
  setDeferredTrackingCalls(calls: TrackingData[]): void {
    this.#events.deferred = calls;
  }

  /** Calls the tracking callback with what was deferred. */
  async fireDeferredTrackingCalls(): Promise<void> {
    return this.#events.fireDeferred();
  }

  /** Sets the callback, and calls it with what was deferred. */
  setTrackingCallback(callback: TrackingCallback): void {
    this.#user.trackingCallback = callback;
    void this.#events.fireDeferred();
  }

  /** Sets the callback for evaluated features. */
  setFeatureUsageCallback(callback: FeatureUsageCallback): void {
    this.#user.onFeatureUsage = callback;
  }

  /** Sets what receives events. */
  setEventLogger(logger: EventLogger): void {
    this.#events.global.eventLogger = logger;
  }

  /** Sends an event of your own to the event logger. */
  async logEvent(eventName: string, properties?: Record<string, unknown>): Promise<void> {
    if (this.#isDestroyed) {
      this.#reports.error("event not logged: the instance is destroyed");
      return;
    }
    await this.#events.logEvent(eventName, properties);
  }

  /** Writes a line of the debug log, if that is on: to the option `log`, else to stderr. */
  log(msg: string, ctx: object): void {
    this.#events.write(msg, ctx);
  }

  /** Whether `logs` are written. */
  inDevMode(): boolean {
    return !!this.#user.enableDevMode;
  }

  /** Without effect: for pages. */
  setRenderer(_renderer: null | RenderFunction): void {
    this.#reports.warn("setRenderer is without effect on a server");
  }

  // ── Sticky buckets ───────────────────────────────────────────────────────────────────────────────────

  /** Loads the documents of the user. */
  async refreshStickyBuckets(data?: FeatureApiResponse): Promise<void> {
    const { stickyBucketService: service } = this.#options;
    if (!service) return;
    await guarded(
      async () => {
        this.#setStickyDocuments(await service.getAllAssignments(this.#stickyAttributes(data)));
      },
      (cause) => this.#reports.error("sticky buckets not loaded", cause),
    );
  }

  /** The documents of the user, from a service that answers at once. */
  generateStickyBucketAssignmentDocsSync(
    stickyBucketService: StickyBucketServiceSync,
    payload: FeatureApiResponse,
  ): Record<StickyAttributeKey, StickyAssignmentsDocument> | undefined {
    if (!("getAllAssignmentsSync" in stickyBucketService)) {
      this.#reports.error("sticky buckets not loaded: the service does not answer at once");
      return undefined;
    }
    return stickyBucketService.getAllAssignmentsSync(this.#stickyAttributes(payload));
  }

  // ── End ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Calls back when the instance is destroyed. */
  onDestroy(cb: () => void): void {
    this.#destroyCallbacks ??= [];
    this.#destroyCallbacks.push(cb);
  }

  /** Whether `destroy` was called. */
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  /** Forgets subscriptions, results and deferred calls, and follows no changes. Evaluation still answers. */
  destroy(options: DestroyOptions = {}): void {
    this.#isDestroyed = true;
    for (const callback of this.#destroyCallbacks ?? []) {
      guarded(callback, (cause) => this.#reports.error("a callback of onDestroy failed", cause));
    }
    this.#destroyCallbacks = null;
    this.#completedChangeIds = null;
    this.#events.clear();
    this.#payload = undefined;
    this.#context.sticky = null;
    this.#lazyAuto?.clear();
    this.#follower?.end();
    if (this.#lazyPayloadUser !== null) leaveRepository(this.#lazyPayloadUser);
    if (options.destroyAllStreams) stopBackgroundSync();
  }

  // ── Inside ───────────────────────────────────────────────────────────────────────────────────────────

  get #reports(): Reports {
    return this.#events.reports;
  }

  get #user(): UserContext {
    return this.#events.user;
  }

  get #auto(): AutoExperiments {
    this.#lazyAuto ??= new AutoExperiments({
      options: this.#options,
      reports: this.#reports,
      url: () => this.getUrl(),
      experiments: () => this.getExperiments(),
      run: (experiment) => this.run(experiment),
      out: (experiment) => outResult(experiment, this.#context),
      log: (message, facts) => this.log(message, facts),
    });
    return this.#lazyAuto;
  }

  get #payloadUser(): PayloadUser {
    this.#lazyPayloadUser ??= {
      getApiHosts: () => this.getApiHosts(),
      getClientKey: () => this.getClientKey(),
      remoteQuestion: () => (this.isRemoteEval() ? this.#remoteQuestion() : null),
      setPayload: (payload) => this.setPayload(payload),
      log: (message, facts) => this.log(message, facts),
      warn: (message) => this.#reports.warn(message),
    };
    return this.#lazyPayloadUser;
  }

  #remoteQuestion(): RemoteQuestion {
    return {
      attributes: this.getAttributes(),
      forcedVariations: this.getForcedVariations(),
      forcedFeatures: [...this.getForcedFeatures()],
      url: this.getUrl(),
      cacheKeyAttributes: this.#options.cacheKeyAttributes ?? null,
    };
  }

  #fillContext(options: Options): void {
    const context = this.#context;
    const { features, savedGroups, contextualBandits, attributeOverrides } = options;
    if (features) this.#setFeatures(features);
    if (savedGroups) context.savedGroups = savedGroupsOf(savedGroups);
    if (contextualBandits) context.contextualBandits = contextualBanditsOf(contextualBandits);
    this.#experiments = options.experiments;
    this.#attributes = options.attributes;
    this.#updateAttributes();
    context.attributeOverrides = attributeOverrides ?? null;
    context.url = options.url || "";
    context.isEnabled = options.enabled !== false;
    context.isQaMode = !!options.qaMode;
    context.forcedVariations = options.forcedVariations ?? null;
    context.forcedFeatures = options.forcedFeatureValues ?? null;
    context.overrides = options.overrides ?? null;
    context.groups = options.groups ?? null;
    this.#setStickyDocuments(options.stickyBucketAssignmentDocs);
    context.observer = this.#events;
  }

  #followSource(source: ConfigurationSource | ConfigurationOrigin): void {
    this.#follower = new SourceFollower(source, {
      setPayload: (payload) => this.setPayload(payload),
      reports: this.#reports,
    });
  }

  #usePayload(data: FeatureApiResponse): void {
    const { features, savedGroups, contextualBandits, experiments } = data;
    if (features) this.#setFeatures(features);
    if (savedGroups) this.#context.savedGroups = savedGroupsOf(savedGroups);
    if (contextualBandits) {
      this.#context.contextualBandits = contextualBanditsOf(contextualBandits);
    }
    if (experiments) {
      this.#experiments = experiments;
      this.#runAutoExperiments();
    }
    this.ready = true;
  }

  #setFeatures(features: FeatureDefinitions): void {
    this.#features = features;
    this.#context.features = ObjectFeatures.of(features);
  }

  async #decrypted(
    text: string,
    key: string | undefined,
    subtle: SubtleCryptoLike | undefined,
  ): Promise<unknown> {
    const usedKey = key || this.#options.decryptionKey || "";
    return JSON.parse(await decrypt(text, usedKey, subtle ?? currentSubtle()));
  }

  async #refresh(options: RefreshOptions): Promise<FetchResponse> {
    if (!this.#options.clientKey) throw new Error("Missing clientKey");
    const skipCache = options.skipCache || this.#options.disableCache;
    return refreshPayload(this.#payloadUser, { ...options, skipCache });
  }

  async #refreshRemotely(): Promise<void> {
    if (!this.#options.remoteEval || !this.#isInitialized) return;
    const { data } = await this.#refresh({ allowStale: false });
    if (data && !this.#isDestroyed) await this.setPayload(data);
  }

  #updateAttributes(): void {
    const { user } = this.#options;
    const attributes = user ? { ...user, ...this.#attributes } : this.#attributes;
    this.#user.attributes = attributes;
    this.#context.attributes = attributes ?? {};
  }

  async #userChanged(changesHash: boolean): Promise<void> {
    if (changesHash && this.#options.stickyBucketService) await this.refreshStickyBuckets();
    if (this.#options.remoteEval) await this.#refreshRemotely();
    else this.#runAutoExperiments();
  }

  #runAutoExperiments(): void {
    if (this.#experiments?.length) this.#auto.runAll();
  }

  #stickyAttributes(data: FeatureApiResponse | undefined): Record<string, string> {
    const features = data?.features ?? this.getFeatures();
    return stickyAttributes(this.#context, features, data?.experiments ?? this.getExperiments());
  }

  #setStickyDocuments(
    documents: Record<StickyAttributeKey, StickyAssignmentsDocument> | undefined,
  ): void {
    this.#stickyDocuments = documents;
    const { stickyBucketService: service } = this.#options;
    if (!service || this.#isDestroyed) return;
    this.#context.sticky = {
      docs: documents ?? {},
      save: (document) => {
        guarded(
          () => service.saveAssignments(document),
          (cause) => this.#reports.error("sticky bucket not saved", cause),
        );
      },
    };
  }

  /** Stores the documents that were given as an option. */
  #storeGivenDocuments(): void {
    const { stickyBucketService: service, stickyBucketAssignmentDocs: documents } = this.#options;
    if (!service || !documents) return;
    for (const document of Object.values(documents)) {
      if (!document) continue;
      guarded(
        () => service.saveAssignments(document),
        (cause) => this.#reports.error("sticky bucket not saved", cause),
      );
    }
  }

  #evaluate(key: string): FeatureResult {
    return this.#inContext((context) => evaluateSafely(key, context, () => this.#reports));
  }

  #runExperiment<T>(experiment: Experiment<T>): Result<T> {
    const result = this.#inContext((context) => runExperiment(experiment, null, context));
    const changeId = "changeId" in experiment ? experiment.changeId : undefined;
    if (result.hashUsed && typeof changeId === "string" && changeId !== "") {
      this.#completedChangeIds ??= new Set();
      this.#completedChangeIds.add(changeId);
    }
    // The values are those of the experiment.
    return result as Result<T>;
  }

  /** A callback that evaluates in the middle of an evaluation gets a context of its own. */
  #inContext<R>(evaluate: (context: EvaluationContext) => R): R {
    const isNested = this.#isEvaluating;
    const context = isNested ? nestedContext(this.#context) : this.#context;
    // Quirk: without documents, what is saved is not seen by the next evaluation (growthbook).
    if (context.sticky !== null && this.#stickyDocuments === undefined) {
      context.sticky = { ...context.sticky, docs: {} };
    }
    this.#isEvaluating = true;
    try {
      return evaluate(context);
    } finally {
      this.#isEvaluating = isNested;
    }
  }
}
