import type { EvaluationObserver } from "@sortition/core";
import type { CaptureClientOptions } from "../events/capture-client-options.js";
import type { FetchOption } from "../http/requester.js";
import type {
  FlagDefinitionCacheInput,
  FlagDefinitionCacheProvider,
} from "../source/flag-definition-cache.js";
import type { FeatureFlagValue, JsonType } from "../source/json.js";

/** Options of evaluating flags. All are optional. */
export interface FlagOptions {
  /** A secret key, `phx_…` or `phs_…`: flags are evaluated locally, and remote config can be read. */
  secretKey?: string | undefined;
  /** @deprecated the former name of `secretKey`, which wins. */
  personalApiKey?: string | undefined;
  /** Between two polls of the definitions, in ms, at least 100. `null`: they are loaded once. Default: 30,000. */
  featureFlagsPollingInterval?: number | null | undefined;
  /** `false`: the secret key is used for remote config alone. Default: true. */
  enableLocalEvaluation?: boolean | undefined;
  /** The server is never asked to evaluate. Default: false. */
  strictLocalEvaluation?: boolean | undefined;
  /** Only flags with one of these contexts, or without any, exist. */
  evaluationContexts?: readonly string[] | undefined;
  /** @deprecated the former name of `evaluationContexts`, which wins. */
  evaluationEnvironments?: readonly string[] | undefined;
  /** Shares definitions among workers. */
  flagDefinitionCacheProvider?: FlagDefinitionCacheProvider<FlagDefinitionCacheInput> | undefined;
  /** Deadline of an evaluation by the server, in ms. Default: 3,000. */
  featureFlagsRequestTimeoutMs?: number | undefined;
  /** Further tries of it. Default: 1. */
  featureFlagsRequestMaxRetries?: number | undefined;
  /** People whose flag calls are remembered, so that each is reported once. Default: 50,000. */
  maxCacheSize?: number | undefined;
  /** Whether reads of flags send `$feature_flag_called`. Default: true. */
  sendFeatureFlagEvent?: boolean | undefined;
  /** Whether misuse of snapshots is reported. Default: true. */
  featureFlagsLogWarnings?: boolean | undefined;
  /** Called synchronously after each evaluation of a flag: one function, or several. Not of the vendor's SDK. */
  onEvaluation?: EvaluationObserver | readonly EvaluationObserver[] | undefined;
}

/** Options without effect, as with the vendor in Node. */
export interface IdleOptions {
  preloadFeatureFlags?: boolean | undefined;
  disableRemoteFeatureFlags?: boolean | undefined;
  disableRemoteConfig?: boolean | undefined;
  disableSurveys?: boolean | undefined;
  bootstrap?:
    | {
        distinctId?: string;
        isIdentifiedId?: boolean;
        featureFlags?: Record<string, FeatureFlagValue>;
        featureFlagPayloads?: Record<string, JsonType>;
      }
    | undefined;
  remoteConfigRequestTimeoutMs?: number | undefined;
  sessionExpirationTimeSeconds?: number | undefined;
  personProfiles?: "always" | "identified_only" | "never" | undefined;
  addTracingHeaders?: string[] | undefined;
  persistence?: "memory" | undefined;
}

/** Options of a PostHog client. */
export interface PostHogOptions
  extends Omit<CaptureClientOptions, "fetch">,
    FlagOptions,
    IdleOptions {
  /** Sends requests instead of our own transport. */
  fetch?: FetchOption | undefined;
}
