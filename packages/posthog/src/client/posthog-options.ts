import type { EvaluationObserver } from "@sortition/core";
import type { CaptureClientOptions } from "../events/capture-client-options.js";
import type {
  FlagDefinitionCacheInput,
  FlagDefinitionCacheProvider,
} from "../source/flag-definition-cache.js";
import type { FeatureFlagValue, JsonType } from "../source/json.js";

/** Options for evaluating flags. All are optional. */
export interface FlagOptions {
  /** A secret key (`phx_…` or `phs_…`) for local evaluation and remote config. */
  secretKey?: string | undefined;
  /** @deprecated Old name of `secretKey`, which takes precedence. */
  personalApiKey?: string | undefined;
  /** Poll interval for definitions, ms, at least 100. If `null`, they are loaded once. Default: 30,000. */
  featureFlagsPollingInterval?: number | null | undefined;
  /** If `false`, the secret key is used only for remote config. Default: `true`. */
  enableLocalEvaluation?: boolean | undefined;
  /** If `true`, flags are never evaluated by the server. Default: `false`. */
  strictLocalEvaluation?: boolean | undefined;
  /** If set, only flags with one of these contexts, or without any, are evaluated. */
  evaluationContexts?: readonly string[] | undefined;
  /** @deprecated Old name of `evaluationContexts`, which takes precedence. */
  evaluationEnvironments?: readonly string[] | undefined;
  /** Shares definitions between workers. */
  flagDefinitionCacheProvider?: FlagDefinitionCacheProvider<FlagDefinitionCacheInput> | undefined;
  /** Deadline of a server evaluation, ms. Default: 3,000. */
  featureFlagsRequestTimeoutMs?: number | undefined;
  /** Number of retries of a server evaluation. Default: 1. */
  featureFlagsRequestMaxRetries?: number | undefined;
  /** Maximum number of people whose flag calls are remembered, so that each call is reported once. Default: 50,000. */
  maxCacheSize?: number | undefined;
  /** If `true`, reading a flag sends `$feature_flag_called`. Default: `true`. */
  sendFeatureFlagEvent?: boolean | undefined;
  /** If `true`, misuse of snapshots is reported. Default: `true`. */
  featureFlagsLogWarnings?: boolean | undefined;
  /** Called synchronously after each flag evaluation. One function, or several. Not in the vendor's SDK. */
  onEvaluation?: EvaluationObserver | readonly EvaluationObserver[] | undefined;
}

/** Options without effect, as in the vendor's SDK for Node. */
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
export interface PostHogOptions extends CaptureClientOptions, FlagOptions, IdleOptions {}
