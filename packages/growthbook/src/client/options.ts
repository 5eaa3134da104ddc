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

/** Called after the payload, the features or the user changed, so that a page can be rendered again. */
export type RenderFunction = () => void;

/** Applies the changes of a visual experiment to a page. Never called on a server. */
export type ApplyDomChangesCallback = (changes: AutoExperimentVariation) => () => void;

interface AddedOptions {
  /**
   * Provides the payload instead of GrowthBook's API, e.g. a fleet that shares one through Redis. The instance then
   * makes no configuration requests. Cannot be combined with `apiHost`, `streamingHost`, `clientKey` or `remoteEval`.
   */
  source?: ConfigurationSource | ConfigurationOrigin | undefined;
  /** Receives warnings and errors. Default: `console.warn` and `console.error`. */
  diagnostics?: Diagnostics | undefined;
  /** Called synchronously after each feature evaluation. One function, or several. */
  onEvaluation?: EvaluationObserver | readonly EvaluationObserver[] | undefined;
}

/** Hosts, keys and headers. */
interface ConnectionOptions {
  /** Default: `https://cdn.growthbook.io`. */
  apiHost?: string | undefined;
  /** Default: the value of `apiHost`. */
  streamingHost?: string | undefined;
  apiHostRequestHeaders?: Record<string, string> | undefined;
  streamingHostRequestHeaders?: Record<string, string> | undefined;
  clientKey?: string | undefined;
  decryptionKey?: string | undefined;
  /** If `true`, every `init` requests the payload. */
  disableCache?: boolean | undefined;
}

/** Options of a `GrowthBook` without `plugins`, whose type needs the classes. */
export interface OptionsWithoutPlugins extends ConnectionOptions, AddedOptions {
  /** If `false`, no experiment runs. Default: `true`. */
  enabled?: boolean | undefined;
  attributes?: Attributes | undefined;
  /** URL of the current request. */
  url?: string | undefined;
  /** Features for immediate use, without a request. Instances that receive the same object share its compiled form. */
  features?: Record<string, FeatureDefinition> | undefined;
  experiments?: AutoExperiment[] | undefined;
  forcedVariations?: Record<string, number> | undefined;
  forcedFeatureValues?: Map<string, VendorAny> | undefined;
  attributeOverrides?: Attributes | undefined;
  blockedChangeIds?: string[] | undefined;
  disableVisualExperiments?: boolean | undefined;
  disableJsInjection?: boolean | undefined;
  /** Has no effect on servers. */
  jsInjectionNonce?: string | undefined;
  disableUrlRedirectExperiments?: boolean | undefined;
  disableCrossOriginUrlRedirectExperiments?: boolean | undefined;
  disableExperimentsOnLoad?: boolean | undefined;
  stickyBucketAssignmentDocs?: Record<StickyAttributeKey, StickyAssignmentsDocument> | undefined;
  stickyBucketService?: StickyBucketServiceCompat | undefined;
  /** Writes evaluation steps to `log` or, without it, to stderr. */
  debug?: boolean | undefined;
  /** Receives the debug log. */
  log?: ((msg: string, ctx: VendorAny) => void) | undefined;
  /** If `true`, users are assigned only forced variations. */
  qaMode?: boolean | undefined;
  /** @deprecated Use `init({ streaming })`. */
  backgroundSync?: boolean | undefined;
  /** @deprecated Use `init({ streaming })`. */
  subscribeToChanges?: boolean | undefined;
  /** Records evaluation steps in `logs`. */
  enableDevMode?: boolean | undefined;
  /** @deprecated Has no effect on servers. */
  disableDevTools?: boolean | undefined;
  trackingCallback?: TrackingCallback | undefined;
  onFeatureUsage?: FeatureUsageCallback | undefined;
  eventLogger?: EventLogger | undefined;
  /** Attributes by which remote evaluation results are cached. Default: all. */
  cacheKeyAttributes?: string[] | undefined;
  /** @deprecated Use `attributes`. */
  user?: Record<string, string | undefined> | undefined;
  /** @deprecated Use GrowthBook's rules. */
  overrides?: Record<string, ExperimentOverride> | undefined;
  /** @deprecated Use `attributes`. */
  groups?: Record<string, boolean> | undefined;
  /** Same as `setRenderer`. */
  renderer?: null | RenderFunction | undefined;
  /** If `true`, the server evaluates features for each user. */
  remoteEval?: boolean | undefined;
  /** Called immediately with the target URL of a redirect experiment. */
  navigate?: NavigateCallback | undefined;
  /** Has no effect on servers. */
  navigateDelay?: number | undefined;
  /** Has no effect on servers. */
  maxNavigateDelay?: number | undefined;
  /** @deprecated Has no effect on servers. */
  antiFlicker?: boolean | undefined;
  /** @deprecated Has no effect on servers. */
  antiFlickerTimeout?: number | undefined;
  /** Has no effect on servers. */
  applyDomChangesCallback?: ApplyDomChangesCallback | undefined;
  savedGroups?: SavedGroupsPayload | undefined;
  contextualBandits?: ContextualBanditDefinitions | undefined;
}

/** Options of a `GrowthBookClient` without `plugins`. */
export interface ClientOptionsWithoutPlugins extends ConnectionOptions, AddedOptions {
  enabled?: boolean | undefined;
  debug?: boolean | undefined;
  /** Attributes of every user. A user's own attributes take precedence. */
  globalAttributes?: Attributes | undefined;
  forcedVariations?: Record<string, number> | undefined;
  forcedFeatureValues?: Map<string, VendorAny> | undefined;
  /** Receives the debug log. */
  log?: ((msg: string, ctx: VendorAny) => void) | undefined;
  qaMode?: boolean | undefined;
  trackingCallback?: TrackingCallbackWithUser | undefined;
  onFeatureUsage?: FeatureUsageCallbackWithUser | undefined;
  eventLogger?: EventLogger | undefined;
  savedGroups?: SavedGroupsPayload | undefined;
  contextualBandits?: ContextualBanditDefinitions | undefined;
}

/** How `init` loads the payload and follows its changes. */
export type InitOptions = {
  /** Maximum time until `init` returns without a payload, ms. */
  timeout?: number | undefined;
  skipCache?: boolean | undefined;
  /** Payload to use instead of requesting one. */
  payload?: FeatureApiResponse | undefined;
  /** Follows changes by a stream if the host supports it, and otherwise by polling. */
  streaming?: boolean | undefined;
  /** Time between two requests while no stream is open, ms. */
  pollingInterval?: number | undefined;
  cacheSettings?: Partial<CacheSettings> | undefined;
};

/** How `initSync` follows changes of its payload. */
export type InitSyncOptions = {
  payload: FeatureApiResponse;
  streaming?: boolean | undefined;
  pollingInterval?: number | undefined;
};

/** Outcome of `init`, which does not reject if the network fails. */
export interface InitResponse {
  /** Whether a payload was set. */
  success: boolean;
  source: "init" | "cache" | "network" | "error" | "timeout";
  /** Why no payload was set. */
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
  /** Ends the streams and timers of all instances in the process. */
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

/** Settings of the process-wide payload cache. */
export type CacheSettings = {
  /** If `false`, there is no streaming and no polling. */
  backgroundSync: boolean;
  /** Name of the entry in a `localStorage` polyfill. */
  cacheKey: string;
  /** Age at which a payload is refreshed in the background, ms. */
  staleTTL: number;
  /** Age above which a payload is not used, ms. */
  maxAge: number;
  maxEntries: number;
  /** Has no effect on servers. */
  disableIdleStreams: boolean;
  /** Has no effect on servers. */
  idleStreamInterval: number;
  disableCache: boolean;
  /** Not in the vendor's SDK. Deadline of a request, including its body, ms. Default: 10,000. */
  requestTimeout?: number;
  /** Not in the vendor's SDK. Time without a byte after which polling replaces a stream, ms. Default: 60,000. */
  streamSilence?: number;
};
