import type { Diagnostics, EvaluationObserver } from "@sortition/core";
import type { ConfigurationOrigin, ConfigurationSource } from "@sortition/core/internal";
import type {
  AutoExperiment,
  AutoExperimentVariation,
  ExperimentOverride,
} from "../dialect/auto/auto-experiment.js";
import type { VendorAny } from "../dialect/vendor-any.js";
import type {
  ContextualBanditDefinitions,
  FeatureDefinition,
  SavedGroupsPayload,
  StickyAssignmentsDocument,
} from "../dialect/wire.js";
import type {
  Attributes,
  EventLogger,
  FeatureUsageCallback,
  FeatureUsageCallbackWithUser,
  NavigateCallback,
  TrackingCallback,
  TrackingCallbackWithUser,
} from "../events/callbacks.js";
import type { FeatureApiResponse } from "../model/payload.js";
import type { StickyAttributeKey } from "../model/sticky.js";
import type { StickyBucketServiceCompat } from "./sticky/service.js";

/** Called after what a page shows may have changed: the payload, features or the user. */
export type RenderFunction = () => void;

/** Applies the changes of a visual experiment to a page. There is no page on a server. */
export type ApplyDomChangesCallback = (changes: AutoExperimentVariation) => () => void;

/** Ours, beside the vendor's options. */
interface AddedOptions {
  /**
   * Where the payload comes from instead of GrowthBook's API, e.g. a fleet that shares one through Redis.
   * The instance then makes no request for configurations. Not together with `apiHost`,
   * `streamingHost`, `clientKey` or `remoteEval`.
   */
  source?: ConfigurationSource | ConfigurationOrigin | undefined;
  /** Receives warnings and errors. Default: `console.warn` and `console.error`. */
  diagnostics?: Diagnostics | undefined;
  /** Called synchronously after each evaluation of a feature: one function, or several. */
  onEvaluation?: EvaluationObserver | readonly EvaluationObserver[] | undefined;
}

/** Hosts, keys and headers. */
interface ConnectionOptions {
  /** Default: `https://cdn.growthbook.io`. */
  apiHost?: string | undefined;
  /** Default: that of `apiHost`. */
  streamingHost?: string | undefined;
  apiHostRequestHeaders?: Record<string, string> | undefined;
  streamingHostRequestHeaders?: Record<string, string> | undefined;
  clientKey?: string | undefined;
  decryptionKey?: string | undefined;
  /** Every `init` requests the payload. */
  disableCache?: boolean | undefined;
}

/** Options of a `GrowthBook`, but `plugins`: their type needs the classes. */
export interface OptionsWithoutPlugins extends ConnectionOptions, AddedOptions {
  /** `false` switches all experiments off. Default: `true`. */
  enabled?: boolean | undefined;
  attributes?: Attributes | undefined;
  /** URL of the current request. */
  url?: string | undefined;
  /** Features to use at once, without a request. Instances that get the same object share what is compiled of it. */
  features?: Record<string, FeatureDefinition> | undefined;
  experiments?: AutoExperiment[] | undefined;
  forcedVariations?: Record<string, number> | undefined;
  forcedFeatureValues?: Map<string, VendorAny> | undefined;
  attributeOverrides?: Attributes | undefined;
  blockedChangeIds?: string[] | undefined;
  disableVisualExperiments?: boolean | undefined;
  disableJsInjection?: boolean | undefined;
  /** Without effect: for pages. */
  jsInjectionNonce?: string | undefined;
  disableUrlRedirectExperiments?: boolean | undefined;
  disableCrossOriginUrlRedirectExperiments?: boolean | undefined;
  disableExperimentsOnLoad?: boolean | undefined;
  stickyBucketAssignmentDocs?: Record<StickyAttributeKey, StickyAssignmentsDocument> | undefined;
  stickyBucketService?: StickyBucketServiceCompat | undefined;
  /** Writes evaluation steps to `log`, or to stderr. */
  debug?: boolean | undefined;
  /** Receives the lines of the debug log. */
  log?: ((msg: string, ctx: VendorAny) => void) | undefined;
  /** Only forced variations are assigned. */
  qaMode?: boolean | undefined;
  /** @deprecated Use `init({ streaming })`. */
  backgroundSync?: boolean | undefined;
  /** @deprecated Use `init({ streaming })`. */
  subscribeToChanges?: boolean | undefined;
  /** Fills `logs`. */
  enableDevMode?: boolean | undefined;
  /** @deprecated Without effect: for pages. */
  disableDevTools?: boolean | undefined;
  trackingCallback?: TrackingCallback | undefined;
  onFeatureUsage?: FeatureUsageCallback | undefined;
  eventLogger?: EventLogger | undefined;
  /** Attributes that distinguish answers of a remote evaluation. Default: all. */
  cacheKeyAttributes?: string[] | undefined;
  /** @deprecated Use `attributes`. */
  user?: Record<string, string | undefined> | undefined;
  /** @deprecated Use GrowthBook's rules. */
  overrides?: Record<string, ExperimentOverride> | undefined;
  /** @deprecated Use `attributes`. */
  groups?: Record<string, boolean> | undefined;
  /** As of `setRenderer`. */
  renderer?: null | RenderFunction | undefined;
  /** Features are evaluated by the server, per user. */
  remoteEval?: boolean | undefined;
  /** Called at once with the target of a redirect experiment. */
  navigate?: NavigateCallback | undefined;
  /** Without effect: for pages. */
  navigateDelay?: number | undefined;
  /** Without effect: for pages. */
  maxNavigateDelay?: number | undefined;
  /** @deprecated Without effect: for pages. */
  antiFlicker?: boolean | undefined;
  /** @deprecated Without effect: for pages. */
  antiFlickerTimeout?: number | undefined;
  /** Without effect: for pages. */
  applyDomChangesCallback?: ApplyDomChangesCallback | undefined;
  savedGroups?: SavedGroupsPayload | undefined;
  contextualBandits?: ContextualBanditDefinitions | undefined;
}

/** Options of a `GrowthBookClient`, but `plugins`. */
export interface ClientOptionsWithoutPlugins extends ConnectionOptions, AddedOptions {
  enabled?: boolean | undefined;
  debug?: boolean | undefined;
  /** Attributes of every user; the user's own win. */
  globalAttributes?: Attributes | undefined;
  forcedVariations?: Record<string, number> | undefined;
  forcedFeatureValues?: Map<string, VendorAny> | undefined;
  /** Receives the lines of the debug log. */
  log?: ((msg: string, ctx: VendorAny) => void) | undefined;
  qaMode?: boolean | undefined;
  trackingCallback?: TrackingCallbackWithUser | undefined;
  onFeatureUsage?: FeatureUsageCallbackWithUser | undefined;
  eventLogger?: EventLogger | undefined;
  savedGroups?: SavedGroupsPayload | undefined;
  contextualBandits?: ContextualBanditDefinitions | undefined;
}

/** How `init` gets the payload. */
export type InitOptions = {
  /** Ms until `init` returns without one. */
  timeout?: number | undefined;
  skipCache?: boolean | undefined;
  /** Used as it is, instead of a request. */
  payload?: FeatureApiResponse | undefined;
  /** Follows changes by a stream if the host has one, else by polling. */
  streaming?: boolean | undefined;
  /** Ms between two requests while no stream is open. */
  pollingInterval?: number | undefined;
  cacheSettings?: Partial<CacheSettings> | undefined;
};

/** How `initSync` follows changes of its payload. */
export type InitSyncOptions = {
  payload: FeatureApiResponse;
  streaming?: boolean | undefined;
  pollingInterval?: number | undefined;
};

/** Outcome of `init`. It does not reject for failures of the network. */
export interface InitResponse {
  /** Whether a payload was set. */
  success: boolean;
  source: "init" | "cache" | "network" | "error" | "timeout";
  /** Why there is none. */
  error?: Error | undefined;
}

/** Options of `loadFeatures`. */
export type LoadFeaturesOptions = {
  /** @deprecated Use `init({ streaming })`. */
  autoRefresh?: boolean | undefined;
  timeout?: number | undefined;
  skipCache?: boolean | undefined;
};

/** Options of `refreshFeatures`. */
export type RefreshFeaturesOptions = {
  timeout?: number | undefined;
  skipCache?: boolean | undefined;
};

/** Options of `destroy`. */
export type DestroyOptions = {
  /** Ends the streams and timers of all instances. */
  destroyAllStreams?: boolean | undefined;
};

/** Options of `prefetchPayload`. */
export type PrefetchOptions = Pick<
  OptionsWithoutPlugins,
  | "decryptionKey"
  | "apiHost"
  | "apiHostRequestHeaders"
  | "streamingHost"
  | "streamingHostRequestHeaders"
> & {
  clientKey: string;
  streaming?: boolean | undefined;
  skipCache?: boolean | undefined;
};

/** Settings of the payload cache, which the process shares. */
export type CacheSettings = {
  /** `false`: no stream and no polling. */
  backgroundSync: boolean;
  /** Name of the entry in a given `localStorage`. */
  cacheKey: string;
  /** Ms after which a payload is refreshed in the background. */
  staleTTL: number;
  /** Ms after which a payload is not used. */
  maxAge: number;
  maxEntries: number;
  /** Without effect: for pages. */
  disableIdleStreams: boolean;
  /** Without effect: for pages. */
  idleStreamInterval: number;
  disableCache: boolean;
  /** Ours. Deadline of one request, body included, ms. Default: 10 000. */
  requestTimeout?: number;
  /** Ours. Ms without a byte after which a stream is replaced by polling. Default: 60 000. */
  streamSilence?: number;
};
