import type { AutoExperiment } from "../dialect/auto/auto-experiment.js";
import { contextualBanditsOf } from "../dialect/contextual-bandits.js";
import { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";
import { withBanditWeights } from "../dialect/evaluation/feature/run-rule.js";
import { GIVEN } from "../dialect/malformed.js";
import { savedGroupsOf } from "../dialect/saved-groups.js";
import type { VendorAny } from "../dialect/vendor-any.js";
import type {
  Experiment,
  FeatureResult,
  Result,
  StickyAssignmentsDocument,
} from "../dialect/wire.js";
import type {
  Attributes,
  EventLogger,
  EventProperties,
  FeatureUsageCallbackWithUser,
  TrackingCallbackWithUser,
} from "../events/callbacks.js";
import { trackingUser, type UserContext } from "../events/user-context.js";
import { type ClientSettings, UserObserver, type UserReader } from "../events/user-observer.js";
import { forcedFeaturesOf } from "../messages/forced-features.js";
import { CLIENT_OPTIONS, checkOptions } from "../messages/option-checks.js";
import { guarded, Reports } from "../messages/reports.js";
import type { FeatureApiResponse, FeatureDefinitions, WidenPrimitives } from "../model/payload.js";
import type { StickyAttributeKey } from "../model/sticky.js";
import { type ApiHosts, hostsOf } from "../source/user.js";
import { RELEASE } from "../version.js";
import type { ClientOptions, Plugin } from "./instance-options.js";
import { showInstances } from "./instance-view.js";
import { observedFeatures } from "./observed-features.js";
import type {
  DestroyOptions,
  InitOptions,
  InitResponse,
  InitSyncOptions,
  RefreshFeaturesOptions,
} from "./options.js";
import { PayloadFeed, refuseEncrypted } from "./payload-feed.js";
import { featureSetOf } from "./received.js";
import { destroyAllStreams } from "./repository/repository.js";
import { type Evaluating, evaluateSafely, runSafely, valueSafely } from "./safe-evaluation.js";
import { stickyAttributes } from "./sticky/documents.js";
import type { StickyBucketServiceCompat } from "./sticky/service.js";
import { UserScopedGrowthBook } from "./user-scoped.js";

/**
 * Evaluates features and experiments for many users, with one payload and a {@link UserContext} for each call.
 *
 * ```ts
 * const client = new GrowthBookClient({ clientKey, trackingCallback });
 * await client.init({ timeout: 1_000 });
 * client.isOn("new-checkout", { attributes: { id: "alice" } });
 * ```
 *
 * Repeated exposures are tracked every time. The users of `createScopedInstance` remember and skip them.
 */
export class GrowthBookClient<AppFeatures extends object = Record<string, VendorAny>> {
  debug: boolean;
  /** Whether a payload has been set. */
  ready = false;
  version: string = RELEASE.version;

  private _options: ClientOptions;
  // Setters write to this object, which inherits from the options. The caller's object is never changed.
  private _settable: ClientOptions;
  private readonly _reports: Reports;
  private readonly _evaluating: Evaluating;
  // Replaced when an option changes, so that an evaluation in progress keeps its own settings.
  private _settings: ClientSettings = NO_SETTINGS;
  private readonly _reader: UserReader;
  private readonly _feed: PayloadFeed;
  private _features: FeatureDefinitions = {};
  private _featureSet: EvaluationCall["features"] = featureSetOf(this._features);
  private _savedGroups: EvaluationCall["savedGroups"];
  private _contextualBandits: EvaluationCall["contextualBandits"];
  private _experiments: AutoExperiment[] = [];
  private _isDestroyed = false;
  // The context of the last completed evaluation, for reuse.
  private _spare: EvaluationCall | null = null;

  static {
    showInstances(this.prototype, "GrowthBookClient", (it) =>
      "_options" in it
        ? {
            isDestroyed: it._isDestroyed,
            isReady: it.ready,
            features: it._features,
            options: it._options,
            feed: it._feed,
          }
        : null,
    );
  }

  /** @throws OptionError if `source` is combined with a host or a client key. */
  constructor(given: ClientOptions = {}) {
    const options = checkOptions(given || {}, CLIENT_OPTIONS, () => new Reports(given.diagnostics));
    this._options = options;
    this._settable = Object.create(Object(options)); // untyped callers may pass any value
    // Callers may pass the method on without its instance.
    this.log = this.log.bind(this);
    this._reports = new Reports(options.diagnostics);
    this._evaluating = {
      reports: this._reports,
      observed: observedFeatures(options.onEvaluation, this, () => this._reports),
      missed: (key) => this._reports.missing(key, this._loaded),
    };
    this.debug = !!options.debug;
    const client = this;
    const log: UserReader["log"] = (message, details) => client.log(message, details);
    this._reader = {
      readUser: (context, user, global) => client._readUser(context, user, global),
      get log() {
        return client.debug ? log : undefined;
      },
    };
    this._savedGroups = savedGroupsOf(options.savedGroups);
    this._contextualBandits = contextualBanditsOf(options.contextualBandits);
    this._feed = new PayloadFeed(this, options, this._reports);
    for (const plugin of options.plugins || []) plugin(this as unknown as GrowthBookClient);
  }

  /** Sets a payload. Parts that it lacks stay as they are. */
  async setPayload(payload: FeatureApiResponse): Promise<void> {
    const data = await this._feed.open(payload);
    this._feed.decryptedPayload = data;
    this._usePayload(data);
  }

  /**
   * Sets a payload synchronously.
   *
   * @throws Error for an encrypted payload.
   */
  initSync(options: InitSyncOptions): this {
    const { payload } = options;
    refuseEncrypted(payload);
    this._feed.openSync(payload);
    this._usePayload(payload);
    this._feed.sync(options);
    return this;
  }

  /** Loads the payload and sets it. Rejects only if there is no `clientKey`. */
  async init(options?: InitOptions): Promise<InitResponse> {
    return this._feed.init(options);
  }

  /** Requests the payload and sets it. */
  async refreshFeatures(options?: RefreshFeaturesOptions): Promise<void> {
    return this._feed.refresh(options);
  }

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

  /** Returns the payload as it was set. */
  getPayload(): FeatureApiResponse {
    return this._feed.payload || { features: this._features, experiments: this._experiments };
  }

  /** Returns the payload with its encrypted parts decrypted. */
  getDecryptedPayload(): FeatureApiResponse {
    return this._feed.decryptedPayload || this.getPayload();
  }

  /** Returns the current features. */
  getFeatures(): FeatureDefinitions {
    return this._features;
  }

  /** Returns the attributes that apply to every user. */
  getGlobalAttributes(): Attributes {
    return this._settable.globalAttributes || {};
  }

  /** Sets attributes for every user. A user's own attributes take precedence. */
  setGlobalAttributes(attributes: Attributes): void {
    this._settable.globalAttributes = attributes;
  }

  /** Drops the payload and stops following changes. */
  destroy(options?: DestroyOptions): void {
    this._isDestroyed = true;
    this._feed.end();
    if (options?.destroyAllStreams) destroyAllStreams();
    this._useFeatures({});
    this._savedGroups = savedGroupsOf(undefined);
    this._contextualBandits = contextualBanditsOf(undefined);
    this._experiments = [];
    this._feed.payload = undefined;
    this._feed.decryptedPayload = undefined;
    this._settings = NO_SETTINGS;
    // Work in progress may still fail, and is logged to the same place.
    const { log } = this._options;
    this._options = { log };
    this._settable = {};
  }

  /** Whether `destroy` was called. */
  isDestroyed(): boolean {
    return this._isDestroyed;
  }

  /** Sets the function that receives events. */
  setEventLogger(logger: EventLogger): void {
    this._settable.eventLogger = logger;
  }

  /** Passes a custom event to the event logger. */
  logEvent(eventName: string, properties: EventProperties, userContext: UserContext): void {
    const { eventLogger } = this._settable;
    if (!eventLogger) return;
    guarded("eventLogger failed", this._evaluating, () =>
      eventLogger(eventName, properties, trackingUser(this._withGlobals(userContext))),
    );
  }

  /** Runs an experiment that is defined in code. */
  runInlineExperiment<T>(experiment: Experiment<T>, userContext: UserContext): Result<T> {
    const context = this._contextOf(userContext);
    const result = runSafely(withBanditWeights(experiment), context, GIVEN, this._reports);
    this._release(context);
    return result;
  }

  /** Returns whether the value is truthy. */
  isOn<K extends string & keyof AppFeatures = string & keyof AppFeatures>(
    key: K,
    userContext: UserContext,
  ): boolean {
    if (this.evalFeature !== EVAL_FEATURE) return this.evalFeature(key, userContext).on;
    return !!this._valueOf(key, userContext, null);
  }

  /** Returns whether the value is falsy. */
  isOff<K extends string & keyof AppFeatures = string & keyof AppFeatures>(
    key: K,
    userContext: UserContext,
  ): boolean {
    if (this.evalFeature !== EVAL_FEATURE) return this.evalFeature(key, userContext).off;
    return !this._valueOf(key, userContext, null);
  }

  /** Returns the value, or the given default if the value is `null`. */
  getFeatureValue<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(key: K, defaultValue: V, userContext: UserContext): WidenPrimitives<V> {
    const isOwn = this.evalFeature === EVAL_FEATURE;
    const value: unknown = isOwn
      ? this._valueOf(key, userContext, defaultValue)
      : this.evalFeature(key, userContext).value;
    // The caller decides the type of a value.
    return (value === null ? defaultValue : value) as WidenPrimitives<V>;
  }

  /** Returns the value and the reason for it. */
  evalFeature<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(id: K, userContext: UserContext): FeatureResult<V | null> {
    // The caller decides the type of a value.
    return this._evaluate(id, userContext) as FeatureResult<V | null>;
  }

  /** Writes to the debug log, if it is enabled: to the option `log`, or else to stderr. */
  log(msg: string, ctx: Record<string, unknown>): void {
    if (!this.debug) return;
    const { log } = this._options;
    if (log) log(msg, ctx);
    else console.error(msg, ctx);
  }

  /** Sets the callback for tracked results. */
  setTrackingCallback(callback: TrackingCallbackWithUser): void {
    this._settable.trackingCallback = callback;
  }

  /** Sets the callback for evaluated features. */
  setFeatureUsageCallback(callback: FeatureUsageCallbackWithUser): void {
    this._settable.onFeatureUsage = callback;
  }

  /** Returns the user context with its sticky buckets loaded. */
  async applyStickyBuckets(
    partialContext: Omit<UserContext, "stickyBucketService" | "stickyBucketAssignmentDocs">,
    stickyBucketService: StickyBucketServiceCompat,
  ): Promise<UserContext> {
    const context = this._contextOf(partialContext);
    const names = stickyAttributes(context, this._features, this._experiments);
    this._release(context);
    const stickyBucketAssignmentDocs = await stickyBucketService.getAllAssignments(names);
    return {
      ...partialContext,
      stickyBucketAssignmentDocs,
      saveStickyBucketAssignmentDoc: (doc) => stickyBucketService.saveAssignments(doc),
    };
  }

  /** Creates an instance for one user, which tracks each exposure once. */
  createScopedInstance(
    userContext: UserContext,
    userPlugins: Plugin[] = [],
  ): UserScopedGrowthBook<AppFeatures> {
    const plugins = [...(this._options.plugins || []), ...(userPlugins || [])];
    return new UserScopedGrowthBook<AppFeatures>(this, userContext, plugins);
  }

  private _evaluate(key: string, user: UserContext): FeatureResult {
    const context = this._contextOf(user);
    const result = evaluateSafely(key, context, this._evaluating);
    this._release(context);
    return result;
  }

  private _valueOf(key: string, user: UserContext, defaultValue: unknown): unknown {
    const context = this._contextOf(user);
    const value = valueSafely(key, context, this._evaluating, defaultValue);
    this._release(context);
    return value;
  }

  /** The features, while a payload is loaded. */
  private get _loaded(): FeatureDefinitions | undefined {
    return this.ready && !this._isDestroyed ? this._features : undefined;
  }

  private _withGlobals(user: UserContext): UserContext {
    const { globalAttributes } = this._settable;
    if (!globalAttributes) return user;
    return { ...user, attributes: { ...globalAttributes, ...user.attributes } };
  }

  private _contextOf(given: UserContext): EvaluationCall {
    const options = this._options;
    // JavaScript callers may pass any value.
    const isUser = typeof given === "object" && given !== null;
    const user = this._withGlobals(isUser ? given : {});
    const context = this._spare ?? new EvaluationCall();
    this._spare = null; // an evaluation within a callback gets its own context
    context.features = this._featureSet;
    context.savedGroups = this._savedGroups;
    context.contextualBandits = this._contextualBandits;
    const settings = this._currentSettings();
    this._readUser(context, user, settings);
    context.globalForcedVariations = options.forcedVariations || null;
    context.globalForcedFeatures = this._forcedOf(options);
    context.observer = this._observerOf(user, settings, context);
    return context;
  }

  // Callers may have changed a member of the options.
  private _currentSettings(): ClientSettings {
    const { enabled, eventLogger, onFeatureUsage, qaMode, trackingCallback } = this._settable;
    const known = this._settings;
    const isSame =
      known.trackingCallback === trackingCallback &&
      known.onFeatureUsage === onFeatureUsage &&
      known.eventLogger === eventLogger &&
      known.enabled === enabled &&
      known.qaMode === qaMode;
    if (!isSame) {
      this._settings = { trackingCallback, onFeatureUsage, eventLogger, enabled, qaMode };
    }
    return this._settings;
  }

  // Read again after each callback, because the user context belongs to the caller, who may change it.
  private _readUser(context: EvaluationCall, user: UserContext, global: ClientSettings): void {
    const { enabled, qaMode } = global;
    context.attributes = user.attributes ?? {};
    context.attributeOverrides = user.attributeOverrides ?? null;
    context.url = user.url || "";
    context.forcedVariations = user.forcedVariations || null;
    context.forcedFeatures = this._forcedOf(user);
    context.isEnabled = enabled !== false && user.enabled !== false;
    context.isQaMode = !!(qaMode || user.qaMode);
    context.sticky = this._stickyOf(context, user, global);
  }

  // Keeps the context for the next evaluation, without the user's data.
  private _release(context: EvaluationCall): void {
    context.forget();
    this._spare = context;
  }

  private _forcedOf({ forcedFeatureValues: given }: Pick<UserContext, "forcedFeatureValues">) {
    return given ? forcedFeaturesOf(given, this._reports) : null;
  }

  private _stickyOf(
    context: EvaluationCall,
    user: UserContext,
    global: ClientSettings,
  ): EvaluationCall["sticky"] {
    const { saveStickyBucketAssignmentDoc: save } = user;
    if (!save) return null;
    const docs: Record<StickyAttributeKey, StickyAssignmentsDocument> =
      user.stickyBucketAssignmentDocs ?? {};
    return {
      docs,
      save: (document) => {
        user.stickyBucketAssignmentDocs ??= docs;
        guarded("sticky bucket not saved", this._evaluating, () => save(document));
        this._readUser(context, user, global);
      },
    };
  }

  // Returns `null` if there is no callback, memory or debug log.
  private _observerOf(
    user: UserContext,
    global: ClientSettings,
    context: EvaluationCall,
  ): UserObserver | null {
    if (!this.debug && !isObserved(global, user)) return null;
    return new UserObserver({
      global,
      user,
      context,
      reports: this._reports,
      reader: this._reader,
    });
  }

  private _usePayload(data: FeatureApiResponse): void {
    const { features, savedGroups, contextualBandits, experiments } = data;
    if (features) this._useFeatures(features);
    if (experiments) this._experiments = experiments;
    if (savedGroups) this._savedGroups = savedGroupsOf(savedGroups);
    if (contextualBandits) this._contextualBandits = contextualBanditsOf(contextualBandits);
    this.ready = true;
  }

  private _useFeatures(features: FeatureDefinitions): void {
    if (features === this._features) return;
    this._features = features;
    this._featureSet = featureSetOf(features);
  }
}

const NO_SETTINGS: ClientSettings = /* @__PURE__ */ Object.freeze({
  trackingCallback: undefined,
  onFeatureUsage: undefined,
  eventLogger: undefined,
  enabled: undefined,
  qaMode: undefined,
});

/** Returns whether a callback or a memory takes part in evaluations. */
function isObserved(global: ClientSettings, user: UserContext): boolean {
  return Boolean(
    global.trackingCallback ||
      global.onFeatureUsage ||
      global.eventLogger ||
      user.trackingCallback ||
      user.onFeatureUsage ||
      user.trackedExperiments ||
      user.trackedFeatureUsage ||
      user.experimentViewedSubs ||
      user.devLogs,
  );
}

/**
 * Our implementation. `isOn`, `isOff` and `getFeatureValue` skip it to avoid creating a result object. They only call
 * `evalFeature` if a test or a subclass has replaced it, because the vendor's getters always call it.
 */
const EVAL_FEATURE = GrowthBookClient.prototype.evalFeature;
