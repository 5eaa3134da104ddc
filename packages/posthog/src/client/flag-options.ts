import { OptionError } from "@sortition/core/client";
import { booleanOption, integerOption, requireMethods } from "@sortition/core/source";
import type {
  FlagDefinitionCacheInput,
  FlagDefinitionCacheProvider,
} from "../flags/flag-definition-cache.js";
import { CAPTURE_OPTION_NAMES } from "./client-options.js";
import type { FlagOptions } from "./posthog-options.js";

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
