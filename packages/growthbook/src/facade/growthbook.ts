import type { AutoExperiment, AutoExperimentVariation } from "../dialect/auto/auto-experiment.js";
import { decrypt } from "../dialect/decrypt.js";
import type { EvaluationContext } from "../dialect/evaluation/context.js";
import { type CompileOptions, GIVEN } from "../dialect/malformed.js";
import type { VendorAny } from "../dialect/vendor-any.js";
import type { Experiment, FeatureDefinition, FeatureResult, Result } from "../dialect/wire.js";
import type { FeatureApiResponse, FeatureDefinitions, WidenPrimitives } from "../model/payload.js";
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
import { hintAtExperiment } from "./experiment-hints.js";
import { forcedFeaturesOf } from "./feature-mistakes.js";
import { InstanceEvaluator } from "./instance-evaluator.js";
import { type Assigned, InstanceEvents, subscription } from "./instance-events.js";
import { showInstances } from "./instance-view.js";
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
import { PayloadFeed, refuseEncrypted } from "./payload-feed.js";
import { markReceived, optionsFor } from "./received.js";
import { checkRemoteOptions } from "./remote-options.js";
import { guarded, type Reports } from "./reports.js";
import { currentSubtle, type SubtleCryptoLike } from "./repository/polyfills.js";
import { destroyAllStreams } from "./repository/repository.js";
import { type ApiHosts, hostsOf, type RemoteQuestion } from "./repository/user.js";
import { stickyAttributes } from "./sticky/documents.js";
import {
  documentsAtOnce,
  type InstanceSticky,
  type StickyDocuments,
} from "./sticky/instance-sticky.js";
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
export class GrowthBook<AppFeatures extends object = Record<string, VendorAny>> {
  /** Whether features are there. */
  ready = false;
  version: string = VERSION;

  readonly #options: Options;
  readonly #events: InstanceEvents;
  readonly #evaluator: InstanceEvaluator;
  #experiments: AutoExperiment[] | undefined;
  #isInitialized = false;
  #isDestroyed = false;
  // Made when they are first needed: most instances live for one request.
  #lazyAuto: AutoExperiments | null = null;
  #lazyFeed: PayloadFeed | null = null;
  #destroyCallbacks: (() => void)[] | null = null;

  static {
    showInstances(GrowthBook.prototype, "GrowthBook", (it) =>
      #options in it
        ? {
            isDestroyed: it.#isDestroyed,
            isReady: it.ready,
            features: it.#evaluator.features,
            options: it.#options,
            feed: it.#lazyFeed,
          }
        : null,
    );
  }

  /** @throws OptionError for a `source` beside a host or key; Error for remote evaluation that cannot work. */
  constructor(given: Options = {}) {
    const options = given || {};
    this.#options = options;
    this.#events = new InstanceEvents(options);
    checkOptions(options, INSTANCE_OPTIONS, () => this.#reports);
    checkRemoteOptions(options);
    this.#evaluator = new InstanceEvaluator(options, this.#events, this);
    this.#experiments = options.experiments;
    if (options.source !== undefined) this.#lazyFeed = this.#createFeed();
    for (const plugin of options.plugins || []) plugin(this as unknown as GrowthBook);
    if (options.features) this.ready = true;
    if (options.experiments) {
      this.ready = true;
      this.#runAutoExperiments();
    }
    if (options.stickyBucketService) {
      this.#sticky?.store();
      if (this.ready) void this.refreshStickyBuckets(this.getPayload());
    }
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
    const data = await this.#feed.open(payload);
    if (this.#options.stickyBucketService) await this.refreshStickyBuckets(data);
    this.#usePayload(data);
  }

  /** Sets a payload at once. @throws Error for an encrypted payload. */
  initSync(options: InitSyncOptions): this {
    this.#isInitialized = true;
    const { payload } = options;
    refuseEncrypted(payload);
    const { stickyBucketService: service } = this.#options;
    if (service && !this.#sticky?.documents) {
      // Guaranteed by the method, which checks it.
      const given = service as unknown as StickyBucketServiceSync;
      this.#sticky?.use(this.generateStickyBucketAssignmentDocsSync(given, payload));
    }
    this.#feed.openSync(payload);
    this.#usePayload(payload);
    this.#feed.sync(options);
    return this;
  }

  /** Gets the payload and sets it. Rejects only if there is no `clientKey`. */
  async init(options?: InitOptions): Promise<InitResponse> {
    this.#isInitialized = true;
    return this.#feed.init(options);
  }

  /** @deprecated Use {@link init}. */
  async loadFeatures(options?: LoadFeaturesOptions): Promise<void> {
    const { backgroundSync = true, subscribeToChanges } = this.#options;
    const { skipCache, timeout, autoRefresh } = options || {};
    const streaming = backgroundSync && (autoRefresh || subscribeToChanges);
    await this.init({ skipCache, timeout, streaming });
  }

  /** Requests the payload and sets it. */
  async refreshFeatures(options?: RefreshFeaturesOptions): Promise<void> {
    return this.#feed.refresh(options);
  }

  /** The payload as it was set. */
  getPayload(): FeatureApiResponse {
    const set = this.#lazyFeed?.payload;
    return set || { features: this.getFeatures(), experiments: this.getExperiments() };
  }

  /** The payload with its encrypted parts opened. */
  getDecryptedPayload(): FeatureApiResponse {
    return this.#lazyFeed?.decryptedPayload || this.getPayload();
  }

  /** Takes effect for the next evaluation. */
  setFeatures(features: Record<string, FeatureDefinition>): void {
    this.#evaluator.setFeatures(features);
    this.ready = true;
  }

  /** @deprecated Use {@link setPayload}. */
  async setEncryptedFeatures(
    encryptedString: string,
    decryptionKey?: string,
    subtle?: SubtleCryptoLike,
  ): Promise<void> {
    const part = await this.#decrypted(encryptedString, decryptionKey, subtle);
    // As the vendor's: the caller says what it is.
    const features = part as Record<string, FeatureDefinition>;
    markReceived({ features });
    this.setFeatures(features);
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
    const part = await this.#decrypted(encryptedString, decryptionKey, subtle);
    // As the vendor's: the caller says what it is.
    const experiments = part as AutoExperiment[];
    markReceived({ experiments });
    this.setExperiments(experiments);
  }

  /** The features in force. */
  getFeatures(): FeatureDefinitions {
    return this.#evaluator.features || {};
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
    this.#evaluator.setAttributes(attributes);
    await this.#userChanged(true);
  }

  /** Adds attributes, or replaces those of the same name. */
  async updateAttributes(attributes: Attributes): Promise<void> {
    return this.setAttributes({ ...this.#evaluator.attributes, ...attributes });
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
  setForcedFeatures(map: Map<string, VendorAny>): void {
    this.#context.forcedFeatures = map ? forcedFeaturesOf(map, this.#reports) : null;
  }

  /** Sets the URL of the current request. */
  async setURL(url: string): Promise<void> {
    if (url === this.getUrl()) return;
    this.#user.url = url;
    this.#context.url = url || "";
    if (this.#lazyAuto !== null) this.#lazyAuto.redirectUrl = "";
    if (this.#options.remoteEval) await this.#refreshRemotely();
    this.#runAutoExperiments();
  }

  /** The user's attributes, overrides on top. */
  getAttributes(): Attributes {
    return { ...this.#evaluator.attributes, ...this.#user.attributeOverrides };
  }

  /** Forced variations by experiment key. */
  getForcedVariations(): Record<string, number> {
    // Set by `setForcedVariations` and the option.
    return (this.#context.forcedVariations as Record<string, number> | null) ?? {};
  }

  /** Forced values by feature key. */
  getForcedFeatures(): Map<string, VendorAny> {
    // Set by `setForcedFeatures` and the option.
    return (this.#context.forcedFeatures as Map<string, VendorAny> | null) ?? new Map();
  }

  /** The loaded sticky buckets. */
  getStickyBucketAssignmentDocs(): StickyDocuments {
    return this.#sticky?.documents || {};
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
    return this.#evaluator.evaluate(key).on;
  }

  /** Whether the value is falsy. */
  isOff<K extends string & keyof AppFeatures = string & keyof AppFeatures>(key: K): boolean {
    return this.#evaluator.evaluate(key).off;
  }

  /** The value, or the given one if it is `null`. */
  getFeatureValue<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(key: K, defaultValue: V): WidenPrimitives<V> {
    const { value } = this.#evaluator.evaluate(key);
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
    return this.#evaluator.evaluate(id) as FeatureResult<V | null>;
  }

  /** Runs an experiment that is written in code. */
  run<T>(experiment: Experiment<T>): Result<T> {
    return this.#run(experiment, GIVEN);
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
    return [...(this.#evaluator.completedChangeIds ?? [])];
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
    await this.#sticky?.load(() => this.#stickyAttributes(data));
  }

  /** The documents of the user, from a service that answers at once. */
  generateStickyBucketAssignmentDocsSync(
    stickyBucketService: StickyBucketServiceSync,
    payload: FeatureApiResponse,
  ): StickyDocuments | undefined {
    const attributes = (): Record<string, string> => this.#stickyAttributes(payload);
    return documentsAtOnce(stickyBucketService, attributes, () => this.#reports);
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
  destroy(options?: DestroyOptions): void {
    this.#isDestroyed = true;
    for (const callback of this.#destroyCallbacks ?? []) {
      guarded(callback, (cause) => this.#reports.error("a callback of onDestroy failed", cause));
    }
    this.#destroyCallbacks = null;
    this.#evaluator.completedChangeIds = null;
    this.#events.clear();
    this.#sticky?.end();
    this.#lazyAuto?.clear();
    const feed = this.#lazyFeed;
    if (feed !== null) {
      feed.payload = undefined;
      feed.end();
    }
    if (options?.destroyAllStreams) destroyAllStreams();
  }

  // ── Inside ───────────────────────────────────────────────────────────────────────────────────────────

  get #reports(): Reports {
    return this.#events.reports;
  }

  get #context(): EvaluationContext {
    return this.#evaluator.context;
  }

  get #sticky(): InstanceSticky | null {
    return this.#evaluator.sticky;
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
      run: (experiment) => this.#run(experiment, optionsFor(this.#experiments)),
      out: (experiment) => outResult(experiment, this.#context),
      log: (message, facts) => this.log(message, facts),
    });
    return this.#lazyAuto;
  }

  get #feed(): PayloadFeed {
    this.#lazyFeed ??= this.#createFeed();
    return this.#lazyFeed;
  }

  #createFeed(): PayloadFeed {
    return new PayloadFeed(this, this.#options, this.#reports, () =>
      this.isRemoteEval() ? this.#remoteQuestion() : null,
    );
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

  #run<T>(experiment: Experiment<T>, options: CompileOptions): Result<T> {
    hintAtExperiment(experiment, () => this.#reports);
    const result = this.#evaluator.run(experiment, options);
    this.#events.ran(experiment, result);
    return result;
  }

  #usePayload(data: FeatureApiResponse): void {
    this.#evaluator.use(data);
    if (data.experiments) {
      this.#experiments = data.experiments;
      this.#runAutoExperiments();
    }
    this.ready = true;
  }

  async #decrypted(
    text: string,
    key: string | undefined,
    subtle: SubtleCryptoLike | undefined,
  ): Promise<unknown> {
    const usedKey = key || this.#options.decryptionKey || "";
    return JSON.parse(await decrypt(text, usedKey, subtle ?? currentSubtle()));
  }

  async #refreshRemotely(): Promise<void> {
    if (!this.#options.remoteEval || !this.#isInitialized) return;
    await this.#feed.refresh({});
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
}
