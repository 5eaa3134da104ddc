import { OptionError } from "@sortition/core/client";
import { booleanOption, integerOption, requireMethods } from "@sortition/core/source";
import type {
  FlagDefinitionCacheInput,
  FlagDefinitionCacheProvider,
} from "../flags/flag-definition-cache.js";
import type { FetchOption } from "../http/requester.js";
import { CAPTURE_OPTION_NAMES, type CaptureClientOptions } from "./client-options.js";

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

const FLAG_OPTION_NAMES: readonly (keyof FlagOptions)[] = [
  ...(["secretKey", "personalApiKey", "featureFlagsPollingInterval"] as const),
  ...(["enableLocalEvaluation", "strictLocalEvaluation", "evaluationContexts"] as const),
  ...(["evaluationEnvironments", "flagDefinitionCacheProvider"] as const),
  ...(["featureFlagsRequestTimeoutMs", "featureFlagsRequestMaxRetries"] as const),
  ...(["maxCacheSize", "sendFeatureFlagEvent", "featureFlagsLogWarnings"] as const),
];

/** Names of all options of a PostHog client. */
export const OPTION_NAMES: readonly string[] = [...CAPTURE_OPTION_NAMES, ...FLAG_OPTION_NAMES];

const MAX_NUMBER = 2 ** 31 - 1;
const MAX_INTERVAL_MS = 86_400_000;

/** The options of flags, with their defaults. */
export interface FlagSettings {
  /** `null`: none. */
  readonly secretKey: string | null;
  readonly isLocal: boolean;
  readonly isStrictlyLocal: boolean;
  readonly pollIntervalMs: number | null;
  readonly evaluationContexts: readonly string[];
  readonly provider: FlagDefinitionCacheProvider<FlagDefinitionCacheInput> | null;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly maxPeople: number;
  readonly sendsEvents: boolean;
  readonly logsWarnings: boolean;
}

/** @throws OptionError for a bad value. */
export function flagSettings(options: FlagOptions): FlagSettings {
  const { evaluationContexts, evaluationEnvironments, personalApiKey } = options;
  const secretKey = trimmed(options.secretKey ?? personalApiKey);
  if (secretKey?.includes("phc_")) {
    const problem = "a project API key (phc_…) was given; a secret key begins with phx_ or phs_";
    throw new OptionError("secretKey", problem);
  }
  const provider = options.flagDefinitionCacheProvider ?? null;
  if (provider !== null) {
    requireMethods("flagDefinitionCacheProvider", provider, [
      ...["getFlagDefinitions", "shouldFetchFlagDefinitions", "onFlagDefinitionsReceived"],
      "shutdown",
    ]);
  }
  const isEnabled = booleanOption("enableLocalEvaluation", options.enableLocalEvaluation, true);
  const number = (name: keyof FlagOptions, min: number, fallback: number): number =>
    integerOption(name, options[name], { min, max: MAX_NUMBER }, fallback);
  return {
    secretKey,
    isLocal: isEnabled && (secretKey !== null || provider !== null),
    isStrictlyLocal: booleanOption("strictLocalEvaluation", options.strictLocalEvaluation, false),
    pollIntervalMs: pollIntervalOf(options.featureFlagsPollingInterval),
    evaluationContexts: evaluationContexts ?? evaluationEnvironments ?? [],
    provider,
    timeoutMs: number("featureFlagsRequestTimeoutMs", 1, 3_000),
    maxRetries: number("featureFlagsRequestMaxRetries", 0, 1),
    maxPeople: number("maxCacheSize", 0, 50_000) || 50_000,
    sendsEvents: booleanOption("sendFeatureFlagEvent", options.sendFeatureFlagEvent, true),
    logsWarnings: booleanOption("featureFlagsLogWarnings", options.featureFlagsLogWarnings, true),
  };
}

function trimmed(key: unknown): string | null {
  return typeof key === "string" && key.trim() !== "" ? key.trim() : null;
}

function pollIntervalOf(interval: number | null | undefined): number | null {
  if (interval === null) return null;
  if (typeof interval !== "number" || Number.isNaN(interval)) return 30_000;
  return Math.round(Math.min(Math.max(interval, 100), MAX_INTERVAL_MS));
}
