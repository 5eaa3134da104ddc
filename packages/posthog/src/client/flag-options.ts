import { refuseProjectKey } from "../http/secret-key.js";
import type {
  FlagDefinitionCacheInput,
  FlagDefinitionCacheProvider,
} from "../source/flag-definition-cache.js";
import type { FlagOptions } from "./posthog-options.js";

/** Flag options with their defaults. */
export interface FlagSettings {
  /** `null` if there is none. */
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

/**
 * Applies defaults to the options that `vendorOptions` returns.
 *
 * @throws OptionError for an invalid secret key, as the vendor does.
 */
export function flagSettings(options: FlagOptions, isDisabled: boolean): FlagSettings {
  const { evaluationContexts, evaluationEnvironments, personalApiKey } = options;
  const secretKey = trimmed(options.secretKey ?? personalApiKey);
  const option = options.secretKey ? "secretKey" : "personalApiKey";
  if (!isDisabled && secretKey !== null) refuseProjectKey(secretKey, option);
  const provider = options.flagDefinitionCacheProvider ?? null;
  const { enableLocalEvaluation = true, featureFlagsPollingInterval = 30_000 } = options;
  return {
    secretKey,
    isLocal: enableLocalEvaluation && (secretKey !== null || provider !== null),
    isStrictlyLocal: options.strictLocalEvaluation ?? false,
    pollIntervalMs: featureFlagsPollingInterval,
    evaluationContexts: evaluationContexts ?? evaluationEnvironments ?? [],
    provider,
    timeoutMs: options.featureFlagsRequestTimeoutMs ?? 3_000,
    maxRetries: options.featureFlagsRequestMaxRetries ?? 1,
    maxPeople: options.maxCacheSize ?? 50_000,
    sendsEvents: options.sendFeatureFlagEvent ?? true,
    logsWarnings: options.featureFlagsLogWarnings ?? true,
  };
}

function trimmed(key: unknown): string | null {
  return typeof key === "string" && key.trim() !== "" ? key.trim() : null;
}
