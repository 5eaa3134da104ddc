import type {
  FlagDefinitionCacheInput,
  FlagDefinitionCacheProvider,
} from "../flags/flag-definition-cache.js";
import type { FetchOption } from "../http/requester.js";
import type { CaptureClientOptions } from "./capture-client-options.js";

/** Options of evaluating flags. All are optional. */
export interface FlagOptions {
  /** A secret key, `phx_…` or `phs_…`: flags are evaluated locally, and remote config can be read. */
  readonly secretKey?: string | undefined;
  /** @deprecated the former name of `secretKey`, which wins. */
  readonly personalApiKey?: string | undefined;
  /** Between two polls of the definitions, in ms, at least 100. `null`: they are loaded once. Default: 30,000. */
  readonly featureFlagsPollingInterval?: number | null | undefined;
  /** `false`: the secret key is used for remote config alone. Default: true. */
  readonly enableLocalEvaluation?: boolean | undefined;
  /** The server is never asked to evaluate. Default: false. */
  readonly strictLocalEvaluation?: boolean | undefined;
  /** Only flags with one of these contexts, or without any, exist. */
  readonly evaluationContexts?: readonly string[] | undefined;
  /** @deprecated the former name of `evaluationContexts`, which wins. */
  readonly evaluationEnvironments?: readonly string[] | undefined;
  /** Shares definitions among workers. */
  readonly flagDefinitionCacheProvider?:
    | FlagDefinitionCacheProvider<FlagDefinitionCacheInput>
    | null
    | undefined;
  /** Deadline of an evaluation by the server, in ms. Default: 3,000. */
  readonly featureFlagsRequestTimeoutMs?: number | undefined;
  /** Further tries of it. Default: 1. */
  readonly featureFlagsRequestMaxRetries?: number | undefined;
  /** People whose flag calls are remembered, so that each is reported once. Default: 50,000. */
  readonly maxCacheSize?: number | undefined;
  /** Whether reads of flags send `$feature_flag_called`. Default: true. */
  readonly sendFeatureFlagEvent?: boolean | undefined;
  /** Whether misuse of snapshots is reported. Default: true. */
  readonly featureFlagsLogWarnings?: boolean | undefined;
}

/** Options of a PostHog client. */
export interface PostHogOptions extends Omit<CaptureClientOptions, "fetch">, FlagOptions {
  /** Sends requests instead of our own transport. */
  readonly fetch?: FetchOption | undefined;
}
