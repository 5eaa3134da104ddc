import type { VendorAny } from "../dialect/vendor-any.js";
import type { Experiment, FeatureResult, Result } from "../dialect/wire.js";
import type {
  Attributes,
  EventProperties,
  ExperimentViewedSubCallback,
  FeatureUsageCallback,
  LogUnion,
  TrackingCallback,
} from "../events/callbacks.js";
import { subscription } from "../events/instance-events.js";
import type { UserContext } from "../events/user-context.js";
import type { FeatureApiResponse, WidenPrimitives } from "../model/payload.js";
import { RELEASE } from "../version.js";

type Key<AppFeatures> = string & keyof AppFeatures;

/** The methods of a `GrowthBookClient` that a user's instance calls. */
export interface UserEvaluations<AppFeatures extends object> {
  runInlineExperiment<T>(experiment: Experiment<T>, userContext: UserContext): Result<T>;
  isOn<K extends Key<AppFeatures>>(key: K, userContext: UserContext): boolean;
  isOff<K extends Key<AppFeatures>>(key: K, userContext: UserContext): boolean;
  getFeatureValue<V extends AppFeatures[K], K extends Key<AppFeatures>>(
    key: K,
    defaultValue: V,
    userContext: UserContext,
  ): WidenPrimitives<V>;
  evalFeature<V extends AppFeatures[K], K extends Key<AppFeatures>>(
    id: K,
    userContext: UserContext,
  ): FeatureResult<V | null>;
  logEvent(eventName: string, properties: EventProperties, userContext: UserContext): void;
  getApiInfo(): [apiHost: string, clientKey: string];
  getClientKey(): string;
  getDecryptedPayload(): FeatureApiResponse;
}

/** One user of a `GrowthBookClient`, with a memory of tracked results. */
export class UserScopedGrowthBook<AppFeatures extends object = Record<string, VendorAny>> {
  /** Debug log entries, recorded if `enableDevMode` is set. */
  logs: LogUnion[] = [];
  private readonly _client: UserEvaluations<AppFeatures>;
  private readonly _user: UserContext;

  /** Keeps the caller's user context without copying it, and stores in it what was tracked. */
  constructor(
    gb: UserEvaluations<AppFeatures>,
    userContext: UserContext,
    plugins: readonly ((gb: UserScopedGrowthBook) => void)[] = [],
  ) {
    this._client = gb;
    this._user = userContext;
    userContext.trackedExperiments ||= new Set();
    userContext.trackedFeatureUsage ||= {};
    userContext.experimentViewedSubs ||= new Set();
    userContext.devLogs = this.logs;
    for (const plugin of plugins) plugin(this as unknown as UserScopedGrowthBook);
  }

  /** Runs an experiment that is defined in code. */
  runInlineExperiment<T>(experiment: Experiment<T>): Result<T> {
    return this._client.runInlineExperiment(experiment, this._user);
  }

  /** Returns whether the value is truthy. */
  isOn<K extends string & keyof AppFeatures = string & keyof AppFeatures>(key: K): boolean {
    return this._client.isOn(key, this._user);
  }

  /** Returns whether the value is falsy. */
  isOff<K extends string & keyof AppFeatures = string & keyof AppFeatures>(key: K): boolean {
    return this._client.isOff(key, this._user);
  }

  /** Returns the value, or the given default if the value is `null`. */
  getFeatureValue<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(key: K, defaultValue: V): WidenPrimitives<V> {
    return this._client.getFeatureValue<V, K>(key, defaultValue, this._user);
  }

  /** Returns the value and the reason for it. */
  evalFeature<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(id: K): FeatureResult<V | null> {
    return this._client.evalFeature<V, K>(id, this._user);
  }

  /** Passes a custom event to the client's event logger. */
  logEvent(eventName: string, properties?: EventProperties): void {
    if (this._user.enableDevMode) {
      const timestamp = Date.now().toString();
      this.logs.push({ eventName, properties, timestamp, logType: "event" });
    }
    this._client.logEvent(eventName, properties || {}, this._user);
  }

  /** Sets the callback for tracked results. */
  setTrackingCallback(cb: TrackingCallback): void {
    this._user.trackingCallback = cb;
  }

  /** Sets the callback for evaluated features. */
  setFeatureUsageCallback(cb: FeatureUsageCallback): void {
    this._user.onFeatureUsage = cb;
  }

  /** Subscribes a plugin to tracked results. Returns a function that ends the subscription. */
  _subscribeExperimentViewed(cb: ExperimentViewedSubCallback): () => void {
    this._user.experimentViewedSubs ??= new Set();
    return subscription(this._user.experimentViewedSubs, cb);
  }

  /** Returns host and client key. */
  getApiInfo(): [apiHost: string, clientKey: string] {
    return this._client.getApiInfo();
  }

  /** Returns the client key, or an empty string. */
  getClientKey(): string {
    return this._client.getClientKey();
  }

  /** Sets the URL of the current request. */
  setURL(url: string): void {
    this._user.url = url;
  }

  /** Adds attributes and replaces those with the same name. */
  updateAttributes(attributes: Attributes): void {
    this._user.attributes = { ...this._user.attributes, ...attributes };
  }

  /** Sets attributes that take precedence over the others. */
  setAttributeOverrides(overrides: Attributes): void {
    this._user.attributeOverrides = overrides;
  }

  /** Forces variations by experiment key. */
  async setForcedVariations(vars: Record<string, number>): Promise<void> {
    this._user.forcedVariations = vars || {};
  }

  /** Forces values by feature key. */
  setForcedFeatures(map: Map<string, VendorAny>): void {
    this._user.forcedFeatureValues = map;
  }

  /** Returns the user context, including what was tracked. */
  getUserContext(): UserContext {
    return this._user;
  }

  /** Returns the version of this package. */
  getVersion(): string {
    return RELEASE.version;
  }

  /** Returns the payload with its encrypted parts decrypted. */
  getDecryptedPayload(): FeatureApiResponse {
    return this._client.getDecryptedPayload();
  }

  /** Returns whether entries are added to `logs`. */
  inDevMode(): boolean {
    return !!this._user.enableDevMode;
  }
}
