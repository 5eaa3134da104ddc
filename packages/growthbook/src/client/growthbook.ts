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
import { hintAtExperiment } from "../messages/experiment-hints.js";
import { forcedFeaturesOf } from "../messages/feature-mistakes.js";
import { checkOptions, INSTANCE_OPTIONS } from "../messages/option-checks.js";
import { guarded, type Reports } from "../messages/reports.js";
import type { FeatureApiResponse, FeatureDefinitions, WidenPrimitives } from "../model/payload.js";
import { currentSubtle, type SubtleCryptoLike } from "../source/polyfills.js";
import { type ApiHosts, hostsOf, type RemoteQuestion } from "../source/user.js";
import { VERSION } from "../version.js";
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
 * Features and experiments for one user, with the methods of `@growthbook/growthbook`.
 *
 * ```ts
 * const gb = new GrowthBook({ attributes: { id: "alice" }, features, trackingCallback });
 * if (gb.isOn("new-checkout")) { … }
 * gb.destroy();
 * ```
 *
 * An instance per request is cheap: instances that are given the same object of features share what is compiled of it.
 */
export class GrowthBook<AppFeatures extends object = Record<string, VendorAny>> {
  /** Whether features are there. */
  ready = false;
  version: string = VERSION;

  // Not `#private`: a `Proxy` of an instance, or an object that inherits from one, has to reach its parts.
  private readonly _options: Options;
  private readonly _events: InstanceEvents;
  private readonly _evaluator: InstanceEvaluator;
  private _experiments: AutoExperiment[] | undefined;
  // As it was given: an instance without a URL runs its auto experiments when it gets an empty one.
  private _givenUrl: string | undefined;
  private _isInitialized = false;
  private _isDestroyed = false;
  private _renderer: null | RenderFunction | undefined;
  // Made when they are first needed: most instances live for one request.
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

  /** @throws OptionError for a `source` beside a host or key; Error for remote evaluation that cannot work. */
  constructor(given: Options = {}) {
    const options = given || {};
    this._options = options;
    // Callers hand it on without its instance.
    this.log = this.log.bind(this);
    this._events = new InstanceEvents(options);
    checkOptions(options, INSTANCE_OPTIONS, () => this._reports);
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

  /** @internal The options: code in JavaScript reads callbacks from here, and sets them. */
  get context(): Options {
    return this._options;
  }

  /** Whether evaluation steps are written to the debug log. */
  get debug(): boolean {
    return this._events.debug;
  }
  /** Switches the debug log. */
  set debug(isOn: boolean) {
    this._events.debug = isOn;
  }

  /** Entries of the debug log of `enableDevMode`. */
  get logs(): LogUnion[] {
    return this._events.logs;
  }
  /** Replaces the entries. */
  set logs(logs: LogUnion[]) {
    this._evaluator.beforeChange();
    this._user.devLogs = logs;
  }

  // ── Payload ──

  /** Replaces the parts that the payload has. */
  async setPayload(payload: FeatureApiResponse): Promise<void> {
    const data = await this._feed.open(payload);
    this._feed.decryptedPayload = data;
    if (this._options.stickyBucketService) await this.refreshStickyBuckets(data);
    this._usePayload(data);
    this._render();
  }

  /** Sets a payload at once. @throws Error for an encrypted payload. */
  initSync(options: InitSyncOptions): this {
    this._isInitialized = true;
    const { payload } = options;
    refuseEncrypted(payload);
    const { stickyBucketService: service } = this._options;
    if (service && !this._sticky?.documents) {
      // Guaranteed by the method, which checks it.
      const given = service as unknown as StickyBucketServiceSync;
      this._sticky?.use(this.generateStickyBucketAssignmentDocsSync(given, payload));
    }
    this._feed.openSync(payload);
    this._usePayload(payload);
    this._feed.sync(options);
    return this;
  }

  /** Gets the payload and sets it. Rejects only if there is no `clientKey`. */
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

  /** The payload as it was set. */
  getPayload(): FeatureApiResponse {
    const set = this._lazyFeed?.payload;
    return set || { features: this.getFeatures(), experiments: this.getExperiments() };
  }

  /** The payload with its encrypted parts opened. */
  getDecryptedPayload(): FeatureApiResponse {
    return this._lazyFeed?.decryptedPayload || this.getPayload();
  }

  /** Takes effect for the next evaluation. */
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
    // As the vendor's: the caller says what it is.
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
    // As the vendor's: the caller says what it is.
    const experiments = part as AutoExperiment[];
    markReceived({ experiments });
    this.setExperiments(experiments);
  }

  /** The features in force. */
  getFeatures(): FeatureDefinitions {
    return this._evaluator.features || {};
  }

  /** The auto experiments in force. */
  getExperiments(): AutoExperiment[] {
    return this._experiments || [];
  }

  // ── Host ──

  /** Host and client key. */
  getApiInfo(): [apiHost: string, clientKey: string] {
    return [this.getApiHosts().apiHost, this.getClientKey()];
  }

  /** Hosts, without trailing slashes, and the headers for them. */
  getApiHosts(): ApiHosts {
    return hostsOf(this._options);
  }

  /** The client key; empty without one. */
  getClientKey(): string {
    return this._options.clientKey || "";
  }

  /** Whether a server evaluates. */
  isRemoteEval(): boolean {
    return this._options.remoteEval || false;
  }

  /** Attributes that distinguish answers of a remote evaluation. */
  getCacheKeyAttributes(): string[] | undefined {
    return this._options.cacheKeyAttributes;
  }

  // ── User ──

  /** Takes effect at once; what the promise waits for is sticky buckets and remote evaluation. */
  async setAttributes(attributes: Attributes): Promise<void> {
    this._evaluator.setAttributes(attributes);
    // Without anything to wait for, the promise is resolved when it is returned.
    if (this._waitsForUser) await this._userChanged(true);
    else this._renderAndRunExperiments();
  }

  /** Adds attributes, or replaces those of the same name. */
  async updateAttributes(attributes: Attributes): Promise<void> {
    return this.setAttributes({ ...this._evaluator.attributes, ...attributes });
  }

  /** Sets attributes that win over the others. */
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

  /** The user's attributes, overrides on top. */
  getAttributes(): Attributes {
    return { ...this._evaluator.attributes, ...this._user.attributeOverrides };
  }

  /** Forced variations by experiment key. */
  getForcedVariations(): Record<string, number> {
    // Set by `setForcedVariations` and the option.
    return (this._context.forcedVariations as Record<string, number> | null) ?? {};
  }

  /** Forced values by feature key. */
  getForcedFeatures(): Map<string, VendorAny> {
    return this._user.forcedFeatureValues || new Map();
  }

  /** The loaded sticky buckets. */
  getStickyBucketAssignmentDocs(): StickyDocuments {
    return this._sticky?.documents || {};
  }

  /** The URL of the current request; empty without one. */
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

  /** Whether the value is truthy. */
  isOn<K extends string & keyof AppFeatures = string & keyof AppFeatures>(key: K): boolean {
    if (this.evalFeature !== EVAL_FEATURE) return this.evalFeature(key).on;
    return !!this._evaluator.value(key, null);
  }

  /** Whether the value is falsy. */
  isOff<K extends string & keyof AppFeatures = string & keyof AppFeatures>(key: K): boolean {
    if (this.evalFeature !== EVAL_FEATURE) return this.evalFeature(key).off;
    return !this._evaluator.value(key, null);
  }

  /** The value, or the given one if it is `null`. */
  getFeatureValue<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(key: K, defaultValue: V): WidenPrimitives<V> {
    const isOwn = this.evalFeature === EVAL_FEATURE;
    const value: unknown = isOwn
      ? this._evaluator.value(key, defaultValue)
      : this.evalFeature(key).value;
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
    return this._evaluator.evaluate(id) as FeatureResult<V | null>;
  }

  /** Runs an experiment that is written in code. */
  run<T>(experiment: Experiment<T>): Result<T> {
    return this._run(experiment, GIVEN);
  }

  /** Runs the auto experiments of a key, manual ones too. */
  triggerExperiment(key: string): Result<AutoExperimentVariation>[] | null {
    // The key is remembered also if the experiments come later.
    const results = this._auto.trigger(key);
    return this._experiments ? results : null;
  }

  /** Runs auto experiments now and from now on. */
  triggerAutoExperiments(): void {
    this._auto.isAllowed = true;
    this._runAutoExperiments();
  }

  /** Where the redirect experiment that the user is in leads; empty without one. */
  getRedirectUrl(): string {
    return this._lazyAuto?.redirectUrl ?? "";
  }

  /** The last result of each experiment. */
  getAllResults(): Map<string, Assigned> {
    return this._events.results;
  }

  /** Ids of the changes whose experiments the user is in by chance. */
  getCompletedChangeIds(): string[] {
    return [...(this._events.completedChangeIds ?? [])];
  }

  // ── Callbacks ──

  /** Calls back when an experiment has another result than before. */
  subscribe(cb: SubscriptionFunction): () => void {
    return this._events.subscribe(cb);
  }

  /** For plugins. */
  _subscribeFeatureUsage(cb: FeatureUsageSubCallback): () => void {
    this._user.featureUsageSubs ??= new Set();
    return subscription(this._user.featureUsageSubs, cb);
  }

  /** For plugins. */
  _subscribeExperimentViewed(cb: ExperimentViewedSubCallback): () => void {
    this._user.experimentViewedSubs ??= new Set();
    return subscription(this._user.experimentViewedSubs, cb);
  }

  /** For plugins. */
  _subscribeCustomEvents(cb: CustomEventSubCallback): () => void {
    return this._events.subscribeCustomEvents(cb);
  }

  /** Results that no callback has received yet. */
  getDeferredTrackingCalls(): TrackingData[] {
    return this._events.deferred;
  }

  /** Replaces the results that no callback has received yet. */
  setDeferredTrackingCalls(calls: TrackingData[]): void {
    this._events.deferred = calls;
  }

  /** Calls the tracking callback with what was deferred. */
  async fireDeferredTrackingCalls(): Promise<void> {
    return this._events.fireDeferred();
  }

  /** Sets the callback, and calls it with what was deferred. */
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

  /** Sets what receives events. */
  setEventLogger(logger: EventLogger): void {
    this._beforeCallback();
    this._events.global.eventLogger = logger;
  }

  /** Sends an event of your own to the event logger. */
  async logEvent(eventName: string, properties?: Record<string, unknown>): Promise<void> {
    if (this._isDestroyed) {
      this._reports.error("event not logged: the instance is destroyed");
      return;
    }
    await this._events.logEvent(eventName, properties);
  }

  /** Writes a line of the debug log, if that is on: to the option `log`, else to stderr. */
  log(msg: string, ctx: Record<string, unknown>): void {
    this._events.write(msg, ctx);
  }

  /** Whether `logs` are written. */
  inDevMode(): boolean {
    return !!this._user.enableDevMode;
  }

  /** Sets what is called after each change of the payload, the features or the user. */
  setRenderer(renderer: null | RenderFunction): void {
    this._renderer = renderer;
  }

  // ── Sticky buckets ──

  /** Loads the documents of the user. */
  async refreshStickyBuckets(data?: FeatureApiResponse): Promise<void> {
    await this._sticky?.load(() => this._stickyAttributes(data));
  }

  /** The documents of the user, from a service that answers at once. */
  generateStickyBucketAssignmentDocsSync(
    stickyBucketService: StickyBucketServiceSync,
    payload: FeatureApiResponse,
  ): StickyDocuments | undefined {
    const attributes = (): Record<string, string> => this._stickyAttributes(payload);
    return documentsAtOnce(stickyBucketService, attributes, () => this._reports);
  }

  // ── End ──

  /** Calls back when the instance is destroyed. */
  onDestroy(cb: () => void): void {
    this._destroyCallbacks ??= [];
    this._destroyCallbacks.push(cb);
  }

  /** Whether `destroy` was called. */
  isDestroyed(): boolean {
    return this._isDestroyed;
  }

  /** Forgets subscriptions, results and deferred calls, and follows no changes. Evaluation still answers. */
  destroy(options?: DestroyOptions): void {
    this._isDestroyed = true;
    // Not one that a callback adds meanwhile.
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

  // ── Inside ──

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

  // Of a callback in the options and one that is set, the later one counts.
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
    hintAtExperiment(given, () => this._reports);
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

/** Another one is a test's or a subclass's: then it decides all reads, as with the vendor. Ours need no result. */
const EVAL_FEATURE = GrowthBook.prototype.evalFeature;
