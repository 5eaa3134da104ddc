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
import { VERSION } from "../version.js";

type Key<AppFeatures> = string & keyof AppFeatures;

/** The methods of a `GrowthBookClient` that the instance of a user calls. */
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

/** One user of a `GrowthBookClient`, with a memory of what was tracked. */
export class UserScopedGrowthBook<AppFeatures extends object = Record<string, VendorAny>> {
  /** Entries of the debug log of `enableDevMode`. */
  logs: LogUnion[] = [];
  private readonly _client: UserEvaluations<AppFeatures>;
  private readonly _user: UserContext;

  /** Keeps the user context itself, without a copy, and stores in it what was tracked. */
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

  /** Runs an experiment that is written in code. */
  runInlineExperiment<T>(experiment: Experiment<T>): Result<T> {
    return this._client.runInlineExperiment(experiment, this._user);
  }

  /** Whether the value is truthy. */
  isOn<K extends string & keyof AppFeatures = string & keyof AppFeatures>(key: K): boolean {
    return this._client.isOn(key, this._user);
  }

  /** Whether the value is falsy. */
  isOff<K extends string & keyof AppFeatures = string & keyof AppFeatures>(key: K): boolean {
    return this._client.isOff(key, this._user);
  }

  /** The value, or the given one if it is `null`. */
  getFeatureValue<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(key: K, defaultValue: V): WidenPrimitives<V> {
    return this._client.getFeatureValue<V, K>(key, defaultValue, this._user);
  }

  /** The value, and why it is that. */
  evalFeature<
    V extends AppFeatures[K],
    K extends string & keyof AppFeatures = string & keyof AppFeatures,
  >(id: K): FeatureResult<V | null> {
    return this._client.evalFeature<V, K>(id, this._user);
  }

  /** Sends an event of your own to the event logger of the client. */
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

  /** Subscribes a plugin to tracked results. Returns a function that ends it. */
  _subscribeExperimentViewed(cb: ExperimentViewedSubCallback): () => void {
    this._user.experimentViewedSubs ??= new Set();
    return subscription(this._user.experimentViewedSubs, cb);
  }

  /** Host and client key. */
  getApiInfo(): [apiHost: string, clientKey: string] {
    return this._client.getApiInfo();
  }

  /** The client key; empty without one. */
  getClientKey(): string {
    return this._client.getClientKey();
  }

  /** Sets the URL of the current request. */
  setURL(url: string): void {
    this._user.url = url;
  }

  /** Adds attributes, or replaces those of the same name. */
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

  /** The user context, with what was tracked. */
  getUserContext(): UserContext {
    return this._user;
  }

  /** Version of this package. */
  getVersion(): string {
    return VERSION;
  }

  /** The payload with its encrypted parts decrypted. */
  getDecryptedPayload(): FeatureApiResponse {
    return this._client.getDecryptedPayload();
  }

  /** Whether `logs` are written. */
  inDevMode(): boolean {
    return !!this._user.enableDevMode;
  }
}
