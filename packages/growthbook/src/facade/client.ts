import type { AutoExperiment } from "../dialect/auto/auto-experiment.js";
import { contextualBanditsOf } from "../dialect/contextual-bandits.js";
import { EvaluationContext } from "../dialect/evaluation/context.js";
import { runExperiment } from "../dialect/evaluation/evaluate.js";
import { GIVEN } from "../dialect/malformed.js";
import { savedGroupsOf } from "../dialect/saved-groups.js";
import type { VendorAny } from "../dialect/vendor-any.js";
import type {
  Experiment,
  FeatureResult,
  Result,
  StickyAssignmentsDocument,
} from "../dialect/wire.js";
import type { FeatureApiResponse, FeatureDefinitions, WidenPrimitives } from "../model/payload.js";
import type { StickyAttributeKey } from "../model/sticky.js";
import { VERSION } from "../version.js";
import type { GlobalCallbacks } from "./announce.js";
import type {
  Attributes,
  EventLogger,
  EventProperties,
  FeatureUsageCallbackWithUser,
  TrackingCallbackWithUser,
} from "./callbacks.js";
import { hintAtExperiment } from "./experiment-hints.js";
import { checkUser, forcedFeaturesOf, reportMissing } from "./feature-mistakes.js";
import { showInstances } from "./instance-view.js";
import { CLIENT_OPTIONS, checkOptions } from "./option-checks.js";
import type {
  ClientOptions,
  DestroyOptions,
  InitOptions,
  InitResponse,
  InitSyncOptions,
  RefreshFeaturesOptions,
} from "./options.js";
import { PayloadFeed, refuseEncrypted } from "./payload-feed.js";
import type { Plugin } from "./plugin.js";
import { featureSetOf } from "./received.js";
import { guarded, Reports } from "./reports.js";
import { destroyAllStreams } from "./repository/repository.js";
import { type ApiHosts, hostsOf } from "./repository/user.js";
import { type Evaluating, evaluateSafely, valueSafely } from "./safe-evaluation.js";
import { stickyAttributes } from "./sticky/documents.js";
import type { StickyBucketServiceCompat } from "./sticky/service.js";
import { trackingUser, type UserContext } from "./user-context.js";
import { UserObserver } from "./user-observer.js";
import { UserScopedGrowthBook } from "./user-scoped.js";

/**
 * Features and experiments for many users: one payload, and a {@link UserContext} for each call.
 *
 * ```ts
 * const client = new GrowthBookClient({ clientKey, trackingCallback });
 * await client.init({ timeout: 1_000 });
 * client.isOn("new-checkout", { attributes: { id: "alice" } });
 * ```
 *
 * Repeated exposures are not held back, unless the user context has a memory: those of
 * `createScopedInstance` do.
 */
export class GrowthBookClient<AppFeatures extends object = Record<string, VendorAny>> {
  debug: boolean;
  /** Whether a payload is there. */
  ready = false;
  version: string = VERSION;

  #options: ClientOptions;
  readonly #reports: Reports;
  readonly #evaluating: Evaluating;
  readonly #global: GlobalCallbacks;
  readonly #feed: PayloadFeed;
  #features: FeatureDefinitions = {};
  #featureSet: EvaluationContext["features"] = featureSetOf(this.#features);
  #savedGroups: EvaluationContext["savedGroups"];
  #contextualBandits: EvaluationContext["contextualBandits"];
  #experiments: AutoExperiment[] = [];
  #globalAttributes: Attributes | undefined;
  #isDestroyed = false;
  /** The context of the last evaluation that ended. */
  #spare: EvaluationContext | null = null;

  static {
    showInstances(GrowthBookClient.prototype, "GrowthBookClient", (it) =>
      #options in it
        ? {
            isDestroyed: it.#isDestroyed,
            isReady: it.ready,
            features: it.#features,
            options: it.#options,
            feed: it.#feed,
          }
        : null,
    );
  }

  /** @throws OptionError for a `source` beside a host or key. */
  constructor(given: ClientOptions = {}) {
    const options = given || {};
    this.#options = options;
    this.#reports = new Reports(options.diagnostics);
    this.#evaluating = { reports: this.#reports, missed: (key) => this.#missed(key) };
    this.debug = !!options.debug;
    checkOptions(options, CLIENT_OPTIONS, () => this.#reports);
    const { trackingCallback, onFeatureUsage, eventLogger } = options;
    this.#global = { trackingCallback, onFeatureUsage, eventLogger };
    this.#globalAttributes = options.globalAttributes;
    this.#savedGroups = savedGroupsOf(options.savedGroups);
    this.#contextualBandits = contextualBanditsOf(options.contextualBandits);
    this.#feed = new PayloadFeed(this, options, this.#reports);
    for (const plugin of options.plugins || []) plugin(this as unknown as GrowthBookClient);
  }

  /** Replaces the parts that the payload has. */
  async setPayload(payload: FeatureApiResponse): Promise<void> {
    if (this.#isDestroyed) return;
    const data = await this.#feed.open(payload);
    if (!this.#isDestroyed) this.#usePayload(data);
  }

  /** Sets a payload at once. @throws Error for an encrypted payload. */
  initSync(options: InitSyncOptions): this {
    const { payload } = options;
    refuseEncrypted(payload);
    this.#feed.openSync(payload);
    this.#usePayload(payload);
    this.#feed.sync(options);
    return this;
  }

  /** Gets the payload and sets it. Rejects only if there is no `clientKey`. */
  async init(options?: InitOptions): Promise<InitResponse> {
    return this.#feed.init(options);
  }

  /** Requests the payload and sets it. */
  async refreshFeatures(options?: RefreshFeaturesOptions): Promise<void> {
    return this.#feed.refresh(options);
  }

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

  /** The payload as it was set. */
  getPayload(): FeatureApiResponse {
    return this.#feed.payload || { features: this.#features, experiments: this.#experiments };
  }

  /** The payload with its encrypted parts opened. */
  getDecryptedPayload(): FeatureApiResponse {
    return this.#feed.decryptedPayload || this.getPayload();
  }

  /** The features in force. */
  getFeatures(): FeatureDefinitions {
    return this.#features;
  }

  /** Attributes of every user. */
  getGlobalAttributes(): Attributes {
    return this.#globalAttributes || {};
  }

  /** Attributes of every user; the user's own win. */
  setGlobalAttributes(attributes: Attributes): void {
    this.#globalAttributes = attributes;
  }

  /** Forgets the payload, and follows no changes. */
  destroy(options?: DestroyOptions): void {
    this.#isDestroyed = true;
    this.#feed.end();
    if (options?.destroyAllStreams) destroyAllStreams();
    this.#useFeatures({});
    this.#savedGroups = savedGroupsOf(undefined);
    this.#contextualBandits = contextualBanditsOf(undefined);
    this.#experiments = [];
    this.#feed.payload = undefined;
    this.#feed.decryptedPayload = undefined;
    this.#globalAttributes = undefined;
    this.#global.trackingCallback = undefined;
    this.#global.onFeatureUsage = undefined;
    this.#global.eventLogger = undefined;
    // What is under way may still fail, and is logged where it was.
    const { log } = this.#options;
    this.#options = { log };
  }

  /** Whether `destroy` was called. */
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  /** Sets what receives events. */
  setEventLogger(logger: EventLogger): void {
    this.#global.eventLogger = logger;
  }

  /** Sends an event of your own to the event logger. */
  logEvent(eventName: string, properties: EventProperties, userContext: UserContext): void {
    const { eventLogger } = this.#global;
    if (!eventLogger) return;
    guarded(
      () => eventLogger(eventName, properties, trackingUser(this.#withGlobals(userContext))),
      (cause) => this.#reports.error("eventLogger failed", cause),
    );
  }

  /** Runs an experiment that is written in code. */
  runInlineExperiment<T>(experiment: Experiment<T>, userContext: UserContext): Result<T> {
    hintAtExperiment(experiment, () => this.#reports);
    const context = this.#contextOf(userContext);
    const result = runExperiment(experiment, null, context, GIVEN);
    this.#release(context);
    // The values are those of the experiment.
    return result as Result<T>;
  }

  /** Whether the value is truthy. */
  isOn<K extends string & keyof AppFeatures = string & keyof AppFeatures>(
    key: K,
    userContext: UserContext,
  ): boolean {
    return !!this.#valueOf(key, userContext);
  }

  /** Whether the value is falsy. */
  isOff<K extends string & keyof AppFeatures = string & keyof AppFeatures>(
    key: K,
    userContext: UserContext,
  ): boolean {
    return !this.#valueOf(key, userContext);
  }

  /** The value, or the given one if it is `null`. */
  getFeatureValue<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(key: K, defaultValue: V, userContext: UserContext): WidenPrimitives<V> {
    const value = this.#valueOf(key, userContext);
    // The type of a value is what the caller says it is.
    return (value === null ? defaultValue : value) as WidenPrimitives<V>;
  }

  /** The value, and why it is that. */
  evalFeature<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(id: K, userContext: UserContext): FeatureResult<V | null> {
    // The type of a value is what the caller says it is.
    return this.#evaluate(id, userContext) as FeatureResult<V | null>;
  }

  /** Writes a line of the debug log, if that is on: to the option `log`, else to stderr. */
  log(msg: string, ctx: object): void {
    if (!this.debug) return;
    const { log } = this.#options;
    if (log) log(msg, ctx);
    else console.error(msg, ctx);
  }

  /** Sets the callback for tracked results. */
  setTrackingCallback(callback: TrackingCallbackWithUser): void {
    this.#global.trackingCallback = callback;
  }

  /** Sets the callback for evaluated features. */
  setFeatureUsageCallback(callback: FeatureUsageCallbackWithUser): void {
    this.#global.onFeatureUsage = callback;
  }

  /** The user context with its sticky buckets loaded. */
  async applyStickyBuckets(
    partialContext: Omit<UserContext, "stickyBucketService" | "stickyBucketAssignmentDocs">,
    stickyBucketService: StickyBucketServiceCompat,
  ): Promise<UserContext> {
    const context = this.#contextOf(partialContext);
    const names = stickyAttributes(context, this.#features, this.#experiments);
    this.#release(context);
    const stickyBucketAssignmentDocs = await stickyBucketService.getAllAssignments(names);
    return {
      ...partialContext,
      stickyBucketAssignmentDocs,
      saveStickyBucketAssignmentDoc: (doc) => stickyBucketService.saveAssignments(doc),
    };
  }

  /** An instance for one user. It holds repeated exposures back. */
  createScopedInstance(
    userContext: UserContext,
    userPlugins: Plugin[] = [],
  ): UserScopedGrowthBook<AppFeatures> {
    const plugins = [...(this.#options.plugins || []), ...(userPlugins || [])];
    return new UserScopedGrowthBook<AppFeatures>(this, userContext, plugins);
  }

  #evaluate(key: string, user: UserContext): FeatureResult {
    const context = this.#contextOf(user);
    const result = evaluateSafely(key, context, this.#evaluating);
    this.#release(context);
    return result;
  }

  #valueOf(key: string, user: UserContext): unknown {
    const context = this.#contextOf(user);
    const value = valueSafely(key, context, this.#evaluating);
    this.#release(context);
    return value;
  }

  #missed(key: unknown): void {
    const features = this.#features;
    const isDestroyed = this.#isDestroyed;
    const isReady = this.ready;
    reportMissing(key, { name: "client", features, isReady, isDestroyed }, this.#reports);
  }

  #withGlobals(user: UserContext): UserContext {
    if (!this.#globalAttributes) return user;
    return { ...user, attributes: { ...this.#globalAttributes, ...user.attributes } };
  }

  #contextOf(given: UserContext): EvaluationContext {
    const options = this.#options;
    const isUsual = typeof given?.attributes === "object";
    const user = this.#withGlobals(isUsual ? given : checkUser(given, this.#reports));
    const context = this.#spare ?? new EvaluationContext();
    this.#spare = null; // a callback that evaluates gets a context of its own
    context.features = this.#featureSet;
    context.savedGroups = this.#savedGroups;
    context.contextualBandits = this.#contextualBandits;
    context.attributes = user.attributes ?? {};
    context.attributeOverrides = user.attributeOverrides ?? null;
    context.url = user.url || "";
    context.isEnabled = options.enabled !== false && user.enabled !== false;
    context.isQaMode = !!(options.qaMode || user.qaMode);
    context.forcedVariations = user.forcedVariations || null;
    context.globalForcedVariations = options.forcedVariations || null;
    context.forcedFeatures = this.#forcedOf(user);
    context.globalForcedFeatures = this.#forcedOf(options);
    context.sticky = this.#stickyOf(user);
    context.observer = this.#observerOf(user);
    return context;
  }

  /** Keeps the context for the next evaluation, without what belongs to the user. */
  #release(context: EvaluationContext): void {
    context.forget();
    this.#spare = context;
  }

  #forcedOf({ forcedFeatureValues: given }: Pick<UserContext, "forcedFeatureValues">) {
    return given ? forcedFeaturesOf(given, this.#reports) : null;
  }

  #stickyOf(user: UserContext): EvaluationContext["sticky"] {
    const { saveStickyBucketAssignmentDoc: save } = user;
    if (!save) return null;
    const docs: Record<StickyAttributeKey, StickyAssignmentsDocument> =
      user.stickyBucketAssignmentDocs ?? {};
    return {
      docs,
      save: (document) => {
        user.stickyBucketAssignmentDocs ??= docs;
        guarded(
          () => save(document),
          (cause) => this.#reports.error("sticky bucket not saved", cause),
        );
      },
    };
  }

  /** `null` if nobody wants to know. */
  #observerOf(user: UserContext): UserObserver | null {
    if (!this.debug && !isObserved(this.#global, user)) return null;
    const log = this.debug
      ? (message: string, details: object): void => this.log(message, details)
      : undefined;
    return new UserObserver(this.#global, user, this.#reports, log);
  }

  #usePayload(data: FeatureApiResponse): void {
    const { features, savedGroups, contextualBandits, experiments } = data;
    if (features) this.#useFeatures(features);
    if (experiments) this.#experiments = experiments;
    if (savedGroups) this.#savedGroups = savedGroupsOf(savedGroups);
    if (contextualBandits) this.#contextualBandits = contextualBanditsOf(contextualBandits);
    this.ready = true;
  }

  #useFeatures(features: FeatureDefinitions): void {
    this.#features = features;
    this.#featureSet = featureSetOf(features);
  }
}

/** Whether a callback or a memory takes part in evaluations. */
function isObserved(global: GlobalCallbacks, user: UserContext): boolean {
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
