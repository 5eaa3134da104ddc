import type { AutoExperiment, AutoExperimentVariation } from "../dialect/auto/auto-experiment.js";
import { decrypt } from "../dialect/decryption/decrypt.js";
import type { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";
import { GivenOutcome } from "../dialect/evaluation/experiment/outcome.js";
import { withBanditWeights } from "../dialect/evaluation/feature/run-rule.js";
import { type CompileOptions, GIVEN } from "../dialect/malformed.js";
import type { VendorAny } from "../dialect/vendor-any.js";
import type { Experiment, FeatureDefinition, FeatureResult, Result } from "../dialect/wire.js";
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
} from "../events/callbacks.js";
import { type Assigned, InstanceEvents, subscription } from "../events/instance-events.js";
import type { UserContext } from "../events/user-context.js";
import { forcedFeaturesOf } from "../messages/forced-features.js";
import { checkOptions, INSTANCE_OPTIONS } from "../messages/option-checks.js";
import { guarded, Reports } from "../messages/reports.js";
import type { FeatureApiResponse, FeatureDefinitions, WidenPrimitives } from "../model/payload.js";
import { currentSubtle, type SubtleCryptoLike } from "../source/polyfills.js";
import { type ApiHosts, hostsOf, type RemoteQuestion } from "../source/user.js";
import { RELEASE } from "../version.js";
import { AutoExperiments } from "./auto-experiments.js";
import { InstanceEvaluator } from "./instance-evaluator.js";
import type { Options } from "./instance-options.js";
import { showInstances } from "./instance-view.js";
import type {
  DestroyOptions,
  InitOptions,
  InitResponse,
  InitSyncOptions,
  LoadFeaturesOptions,
  RefreshFeaturesOptions,
  RenderFunction,
} from "./options.js";
import { outResult } from "./out-result.js";
import { PayloadFeed, refuseEncrypted } from "./payload-feed.js";
import { markReceived, optionsFor } from "./received.js";
import { checkRemoteOptions } from "./remote-options.js";
import { destroyAllStreams } from "./repository/repository.js";
import { stickyAttributes } from "./sticky/documents.js";
import {
  documentsAtOnce,
  type InstanceSticky,
  type StickyDocuments,
} from "./sticky/instance-sticky.js";
import type { StickyBucketServiceSync } from "./sticky/service.js";

/**
 * Evaluates features and experiments for one user, with the methods of `@growthbook/growthbook`.
 *
 * ```ts
 * const gb = new GrowthBook({ attributes: { id: "alice" }, features, trackingCallback });
 * if (gb.isOn("new-checkout")) { … }
 * gb.destroy();
 * ```
 *
 * An instance per request is cheap, because instances that receive the same features object share its compiled form.
 */
export class GrowthBook<AppFeatures extends object = Record<string, VendorAny>> {
  /** Whether features have been set. */
  ready = false;
  version: string = RELEASE.version;

  // Not `#private`, so that a `Proxy` of an instance, or an object that inherits from one, can access its fields.
  private readonly _options: Options;
  private readonly _events: InstanceEvents;
  private readonly _evaluator: InstanceEvaluator;
  private _experiments: AutoExperiment[] | undefined;
  // The URL as the caller set it. An instance without a URL runs its auto experiments when it is set to an empty one.
  private _givenUrl: string | undefined;
  private _isInitialized = false;
  private _isDestroyed = false;
  private _renderer: null | RenderFunction | undefined;
  // Created on first use, because most instances live for one request.
  private _lazyAuto: AutoExperiments | null = null;
  private _lazyFeed: PayloadFeed | null = null;
  private _destroyCallbacks: (() => void)[] | null = null;

  static {
    showInstances(this.prototype, "GrowthBook", (it) =>
      "_options" in it
        ? {
            isDestroyed: it._isDestroyed,
            isReady: it.ready,
            features: it._evaluator.features,
            options: it._options,
            feed: it._lazyFeed,
          }
        : null,
    );
  }

  /**
   * @throws OptionError if `source` is combined with a host or a client key.
   * @throws Error if remote evaluation cannot work with the options.
   */
  constructor(given: Options = {}) {
    const options = checkOptions(
      given || {},
      INSTANCE_OPTIONS,
      () => new Reports(given.diagnostics),
    );
    this._options = options;
    // Callers may pass the method on without its instance.
    this.log = this.log.bind(this);
    this._events = new InstanceEvents(options);
    checkRemoteOptions(options);
    this._evaluator = new InstanceEvaluator(options, this._events, this);
    this._experiments = options.experiments;
    this._givenUrl = options.url;
    this._renderer = options.renderer;
    if (options.source !== undefined) this._lazyFeed = this._createFeed();
    for (const plugin of options.plugins || []) plugin(this as unknown as GrowthBook);
    if (options.features) this.ready = true;
    if (options.experiments) {
      this.ready = true;
      this._runAutoExperiments();
    }
    if (options.stickyBucketService) {
      this._sticky?.store();
      if (this.ready) void this.refreshStickyBuckets(this.getPayload());
    }
  }

  /** @internal The options. JavaScript callers read and set callbacks here. */
  get context(): Options {
    return this._options;
  }

  /** Whether evaluation steps are written to the debug log. */
  get debug(): boolean {
    return this._events.debug;
  }
  /** Turns the debug log on or off. */
  set debug(isOn: boolean) {
    this._events.debug = isOn;
  }

  /** Debug log entries, recorded if `enableDevMode` is set. */
  get logs(): LogUnion[] {
    return this._events.logs;
  }
  /** Replaces the entries. */
  set logs(logs: LogUnion[]) {
    this._evaluator.beforeChange();
    this._user.devLogs = logs;
  }

  // ── Payload ──

  /** Sets a payload. Parts that it lacks stay as they are. */
  async setPayload(payload: FeatureApiResponse): Promise<void> {
    const data = await this._feed.open(payload);
    this._feed.decryptedPayload = data;
    if (this._options.stickyBucketService) await this.refreshStickyBuckets(data);
    this._usePayload(data);
    this._render();
  }

  /**
   * Sets a payload synchronously.
   *
   * @throws Error for an encrypted payload.
   */
  initSync(options: InitSyncOptions): this {
    this._isInitialized = true;
    const { payload } = options;
    refuseEncrypted(payload);
    const { stickyBucketService: service } = this._options;
    if (service && !this._sticky?.documents) {
      // The method checks the type at run time.
      const given = service as unknown as StickyBucketServiceSync;
      this._sticky?.use(this.generateStickyBucketAssignmentDocsSync(given, payload));
    }
    this._feed.openSync(payload);
    this._usePayload(payload);
    this._feed.sync(options);
    return this;
  }

  /** Loads the payload and sets it. Rejects only if there is no `clientKey`. */
  async init(options?: InitOptions): Promise<InitResponse> {
    this._isInitialized = true;
    return this._feed.init(options);
  }

  /** @deprecated Use {@link init}. */
  async loadFeatures(options?: LoadFeaturesOptions): Promise<void> {
    const { backgroundSync = true, subscribeToChanges } = this._options;
    const { skipCache, timeout, autoRefresh } = options || {};
    const streaming = backgroundSync && (autoRefresh || subscribeToChanges);
    await this.init({ skipCache, timeout, streaming });
  }

  /** Requests the payload and sets it. */
  async refreshFeatures(options?: RefreshFeaturesOptions): Promise<void> {
    return this._feed.refresh(options);
  }

  /** Returns the payload as it was set. */
  getPayload(): FeatureApiResponse {
    const set = this._lazyFeed?.payload;
    return set || { features: this.getFeatures(), experiments: this.getExperiments() };
  }

  /** Returns the payload with its encrypted parts decrypted. */
  getDecryptedPayload(): FeatureApiResponse {
    return this._lazyFeed?.decryptedPayload || this.getPayload();
  }

  /** Replaces the features, starting with the next evaluation. */
  setFeatures(features: Record<string, FeatureDefinition>): void {
    this._evaluator.setFeatures(features);
    this.ready = true;
    this._render();
  }

  /** @deprecated Use {@link setPayload}. */
  async setEncryptedFeatures(
    encryptedString: string,
    decryptionKey?: string,
    subtle?: SubtleCryptoLike,
  ): Promise<void> {
    const part = await this._decrypted(encryptedString, decryptionKey, subtle);
    // The caller vouches for the type, as in the vendor's SDK.
    const features = part as Record<string, FeatureDefinition>;
    markReceived({ features });
    this.setFeatures(features);
  }

  /** @deprecated Use {@link setPayload}. */
  setExperiments(experiments: AutoExperiment[]): void {
    this._experiments = experiments;
    this.ready = true;
    this._runAutoExperiments();
  }

  /** @deprecated Use {@link setPayload}. */
  async setEncryptedExperiments(
    encryptedString: string,
    decryptionKey?: string,
    subtle?: SubtleCryptoLike,
  ): Promise<void> {
    const part = await this._decrypted(encryptedString, decryptionKey, subtle);
    // The caller vouches for the type, as in the vendor's SDK.
    const experiments = part as AutoExperiment[];
    markReceived({ experiments });
    this.setExperiments(experiments);
  }

  /** Returns the current features. */
  getFeatures(): FeatureDefinitions {
    return this._evaluator.features || {};
  }

  /** Returns the current auto experiments. */
  getExperiments(): AutoExperiment[] {
    return this._experiments || [];
  }

  // ── Host ──

  /** Returns host and client key. */
  getApiInfo(): [apiHost: string, clientKey: string] {
    return [this.getApiHosts().apiHost, this.getClientKey()];
  }

  /** Returns the hosts, without trailing slashes, and the headers for their requests. */
  getApiHosts(): ApiHosts {
    return hostsOf(this._options);
  }

  /** Returns the client key, or an empty string. */
  getClientKey(): string {
    return this._options.clientKey || "";
  }

  /** Returns whether features are evaluated by a server. */
  isRemoteEval(): boolean {
    return this._options.remoteEval || false;
  }

  /** Returns the attributes by which remote evaluation results are cached. */
  getCacheKeyAttributes(): string[] | undefined {
    return this._options.cacheKeyAttributes;
  }

  // ── User ──

  /**
   * Replaces the attributes. They take effect immediately. The promise waits for sticky buckets and remote evaluation.
   */
  async setAttributes(attributes: Attributes): Promise<void> {
    this._evaluator.setAttributes(attributes);
    // If there is nothing to wait for, the promise is already resolved when it is returned.
    if (this._waitsForUser) await this._userChanged(true);
    else this._renderAndRunExperiments();
  }

  /** Adds attributes and replaces those with the same name. */
  async updateAttributes(attributes: Attributes): Promise<void> {
    return this.setAttributes({ ...this._evaluator.attributes, ...attributes });
  }

  /** Sets attributes that take precedence over the others. */
  async setAttributeOverrides(overrides: Attributes): Promise<void> {
    this._evaluator.beforeChange();
    this._user.attributeOverrides = overrides;
    this._context.attributeOverrides = overrides ?? null;
    await this._userChanged(true);
  }

  /** Forces variations by experiment key. */
  async setForcedVariations(vars: Record<string, number>): Promise<void> {
    this._evaluator.beforeChange();
    this._context.forcedVariations = vars || {};
    await this._userChanged(false);
  }

  /** Forces values by feature key. */
  setForcedFeatures(map: Map<string, VendorAny>): void {
    this._evaluator.beforeChange();
    this._user.forcedFeatureValues = map;
    this._context.forcedFeatures = map ? forcedFeaturesOf(map, this._reports) : null;
    this._render();
  }

  /** Sets the URL of the current request. */
  async setURL(url: string): Promise<void> {
    if (url === this._givenUrl) return;
    this._givenUrl = url;
    this._evaluator.beforeChange();
    this._user.url = url || "";
    this._context.url = this._user.url;
    if (this._lazyAuto !== null) this._lazyAuto.redirectUrl = "";
    if (this._options.remoteEval) await this._refreshRemotely();
    this._runAutoExperiments();
  }

  /** Returns the user's attributes, including overrides. */
  getAttributes(): Attributes {
    return { ...this._evaluator.attributes, ...this._user.attributeOverrides };
  }

  /** Returns forced variations by experiment key. */
  getForcedVariations(): Record<string, number> {
    // Only `setForcedVariations` and the option set this field.
    return (this._context.forcedVariations as Record<string, number> | null) ?? {};
  }

  /** Returns forced values by feature key. */
  getForcedFeatures(): Map<string, VendorAny> {
    return this._user.forcedFeatureValues || new Map();
  }

  /** Returns the loaded sticky buckets. */
  getStickyBucketAssignmentDocs(): StickyDocuments {
    return this._sticky?.documents || {};
  }

  /** Returns the URL of the current request, or an empty string. */
  getUrl(): string {
    return this._user.url || "";
  }

  /** Forces the variation of one experiment. */
  forceVariation(key: string, variation: number): void {
    this._evaluator.forceVariation(key, variation);
    if (this._options.remoteEval) return void this._refreshRemotely();
    this._runAutoExperiments();
    this._render();
  }

  // ── Evaluation ──

  /** Returns whether the value is truthy. */
  isOn<K extends string & keyof AppFeatures = string & keyof AppFeatures>(key: K): boolean {
    if (this.evalFeature !== EVAL_FEATURE) return this.evalFeature(key).on;
    return !!this._evaluator.value(key, null);
  }

  /** Returns whether the value is falsy. */
  isOff<K extends string & keyof AppFeatures = string & keyof AppFeatures>(key: K): boolean {
    if (this.evalFeature !== EVAL_FEATURE) return this.evalFeature(key).off;
    return !this._evaluator.value(key, null);
  }

  /** Returns the value, or the given default if the value is `null`. */
  getFeatureValue<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(key: K, defaultValue: V): WidenPrimitives<V> {
    const isOwn = this.evalFeature === EVAL_FEATURE;
    const value: unknown = isOwn
      ? this._evaluator.value(key, defaultValue)
      : this.evalFeature(key).value;
    // The caller decides the type of a value.
    return (value === null ? defaultValue : value) as WidenPrimitives<V>;
  }

  /** @deprecated Use {@link evalFeature}. */
  feature<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(id: K): FeatureResult<V | null> {
    return this.evalFeature(id);
  }

  /** Returns the value and the reason for it. */
  evalFeature<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(id: K): FeatureResult<V | null> {
    // The caller decides the type of a value.
    return this._evaluator.evaluate(id) as FeatureResult<V | null>;
  }

  /** Runs an experiment that is defined in code. */
  run<T>(experiment: Experiment<T>): Result<T> {
    return this._run(experiment, GIVEN);
  }

  /**
   * Runs the auto experiments with this key, including manual ones. Returns `null` if there are no experiments at all.
   */
  triggerExperiment(key: string): Result<AutoExperimentVariation>[] | null {
    // The key is remembered even if the experiments are set later.
    const results = this._auto.trigger(key);
    return this._experiments ? results : null;
  }

  /** Runs auto experiments now and after each later change. */
  triggerAutoExperiments(): void {
    this._auto.isAllowed = true;
    this._runAutoExperiments();
  }

  /** Returns the target of the user's redirect experiment, or an empty string. */
  getRedirectUrl(): string {
    return this._lazyAuto?.redirectUrl ?? "";
  }

  /** Returns the last result of each experiment. */
  getAllResults(): Map<string, Assigned> {
    return this._events.results;
  }

  /** Returns the ids of the changes whose experiments assigned the user by hash. */
  getCompletedChangeIds(): string[] {
    return [...(this._events.completedChangeIds ?? [])];
  }

  // ── Callbacks ──

  /** Calls the function when the result of an experiment changes. */
  subscribe(cb: SubscriptionFunction): () => void {
    return this._events.subscribe(cb);
  }

  /** Subscribes a plugin to evaluated features. */
  _subscribeFeatureUsage(cb: FeatureUsageSubCallback): () => void {
    this._user.featureUsageSubs ??= new Set();
    return subscription(this._user.featureUsageSubs, cb);
  }

  /** Subscribes a plugin to tracked results. */
  _subscribeExperimentViewed(cb: ExperimentViewedSubCallback): () => void {
    this._user.experimentViewedSubs ??= new Set();
    return subscription(this._user.experimentViewedSubs, cb);
  }

  /** Subscribes a plugin to custom events. */
  _subscribeCustomEvents(cb: CustomEventSubCallback): () => void {
    return this._events.subscribeCustomEvents(cb);
  }

  /** Returns the results that no callback has received yet. */
  getDeferredTrackingCalls(): TrackingData[] {
    return this._events.deferred;
  }

  /** Replaces the results that no callback has received yet. */
  setDeferredTrackingCalls(calls: TrackingData[]): void {
    this._events.deferred = calls;
  }

  /** Calls the tracking callback with the deferred results. */
  async fireDeferredTrackingCalls(): Promise<void> {
    return this._events.fireDeferred();
  }

  /** Sets the tracking callback and calls it with the deferred results. */
  setTrackingCallback(callback: TrackingCallback): void {
    this._beforeCallback();
    this._user.trackingCallback = callback;
    void this._events.fireDeferred();
  }

  /** Sets the callback for evaluated features. */
  setFeatureUsageCallback(callback: FeatureUsageCallback): void {
    this._beforeCallback();
    this._user.onFeatureUsage = callback;
  }

  /** Sets the function that receives events. */
  setEventLogger(logger: EventLogger): void {
    this._beforeCallback();
    this._events.global.eventLogger = logger;
  }

  /** Passes a custom event to the event logger. */
  async logEvent(eventName: string, properties?: Record<string, unknown>): Promise<void> {
    if (this._isDestroyed) {
      this._reports.error("event not logged: the instance is destroyed");
      return;
    }
    await this._events.logEvent(eventName, properties);
  }

  /** Writes to the debug log, if it is enabled: to the option `log`, or else to stderr. */
  log(msg: string, ctx: Record<string, unknown>): void {
    this._events.write(msg, ctx);
  }

  /** Returns whether entries are added to `logs`. */
  inDevMode(): boolean {
    return !!this._user.enableDevMode;
  }

  /** Sets the function that is called after each change of the payload, the features or the user. */
  setRenderer(renderer: null | RenderFunction): void {
    this._renderer = renderer;
  }

  // ── Sticky buckets ──

  /** Loads the user's sticky bucket documents. */
  async refreshStickyBuckets(data?: FeatureApiResponse): Promise<void> {
    await this._sticky?.load(() => this._stickyAttributes(data));
  }

  /** Returns the user's documents from a synchronous service. */
  generateStickyBucketAssignmentDocsSync(
    stickyBucketService: StickyBucketServiceSync,
    payload: FeatureApiResponse,
  ): StickyDocuments | undefined {
    const attributes = (): Record<string, string> => this._stickyAttributes(payload);
    return documentsAtOnce(stickyBucketService, attributes, () => this._reports);
  }

  // ── End ──

  /** Calls the function when the instance is destroyed. */
  onDestroy(cb: () => void): void {
    this._destroyCallbacks ??= [];
    this._destroyCallbacks.push(cb);
  }

  /** Returns whether `destroy` was called. */
  isDestroyed(): boolean {
    return this._isDestroyed;
  }

  /** Drops subscriptions, results and deferred calls, and stops following changes. Features can still be evaluated. */
  destroy(options?: DestroyOptions): void {
    this._isDestroyed = true;
    // `forEach` skips callbacks that are added while it runs.
    this._destroyCallbacks?.forEach((callback) => {
      guarded("a callback of onDestroy failed", this._events, callback);
    });
    this._destroyCallbacks = null;
    this._evaluator.beforeChange();
    this._events.clear();
    this._sticky?.end();
    this._lazyAuto?.clear();
    const feed = this._lazyFeed;
    if (feed !== null) {
      feed.payload = undefined;
      feed.end();
    }
    if (options?.destroyAllStreams) destroyAllStreams();
  }

  // ── Internals ──

  private get _reports(): Reports {
    return this._events.reports;
  }

  private get _context(): EvaluationCall {
    return this._evaluator.context;
  }

  private get _sticky(): InstanceSticky | null {
    return this._evaluator.sticky;
  }

  private get _user(): UserContext {
    return this._events.user;
  }

  // The callback that was set last is used, whether in the options or by a setter.
  private _beforeCallback(): void {
    this._events.readOptions();
    this._evaluator.beforeChange();
  }

  private get _auto(): AutoExperiments {
    this._lazyAuto ??= new AutoExperiments({
      options: this._options,
      reports: this._reports,
      url: () => this.getUrl(),
      experiments: () => this.getExperiments(),
      run: (experiment) => this._run(experiment, optionsFor(this._experiments)),
      out: (experiment) => outResult(experiment, this._context),
      log: (message, facts) => this.log(message, facts),
    });
    return this._lazyAuto;
  }

  private get _feed(): PayloadFeed {
    this._lazyFeed ??= this._createFeed();
    return this._lazyFeed;
  }

  private _createFeed(): PayloadFeed {
    return new PayloadFeed(this, this._options, this._reports, () =>
      this.isRemoteEval() ? this._remoteQuestion() : null,
    );
  }

  private _remoteQuestion(): RemoteQuestion {
    return {
      attributes: this.getAttributes(),
      forcedVariations: this.getForcedVariations(),
      forcedFeatures: [...(this._context.forcedFeatures ?? [])],
      url: this.getUrl(),
      cacheKeyAttributes: this._options.cacheKeyAttributes ?? null,
    };
  }

  private _run<T>(given: Experiment<T>, options: CompileOptions): Result<T> {
    const experiment = withBanditWeights(given);
    const result = this._evaluator.run(experiment, options);
    this._events.ran(new GivenOutcome({ experiment, result }));
    return result;
  }

  private _usePayload(data: FeatureApiResponse): void {
    this._evaluator.use(data);
    if (data.experiments) {
      this._experiments = data.experiments;
      this._runAutoExperiments();
    }
    this.ready = true;
  }

  private async _decrypted(
    text: string,
    key: string | undefined,
    subtle: SubtleCryptoLike | undefined,
  ): Promise<unknown> {
    const usedKey = key || this._options.decryptionKey || "";
    return JSON.parse(await decrypt(text, usedKey, subtle ?? currentSubtle()));
  }

  private async _refreshRemotely(): Promise<void> {
    if (!this._options.remoteEval || !this._isInitialized) return;
    await this._feed.refresh({});
  }

  private get _waitsForUser(): boolean {
    return !!(this._options.stickyBucketService || this._options.remoteEval);
  }

  private async _userChanged(changesHash: boolean): Promise<void> {
    if (changesHash && this._options.stickyBucketService) await this.refreshStickyBuckets();
    if (this._options.remoteEval) await this._refreshRemotely();
    else this._renderAndRunExperiments();
  }

  private _renderAndRunExperiments(): void {
    this._render();
    this._runAutoExperiments();
  }

  private _render(): void {
    if (this._renderer) guarded("renderer failed", this._events, () => this._renderer?.());
  }

  private _runAutoExperiments(): void {
    if (this._experiments?.length) this._auto.runAll();
  }

  private _stickyAttributes(data: FeatureApiResponse | undefined): Record<string, string> {
    const features = data?.features || this.getFeatures();
    return stickyAttributes(this._context, features, data?.experiments || this.getExperiments());
  }
}

/**
 * If a test or a subclass replaces this method, it decides all reads, as in the vendor's SDK. Our own method is
 * bypassed, because reads need no result object.
 */
const EVAL_FEATURE = GrowthBook.prototype.evalFeature;
