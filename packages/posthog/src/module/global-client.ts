import { consoleDiagnostics, OptionError } from "@sortition/core/client";
import { messageOf } from "@sortition/core/source";
import { PostHog } from "../client/posthog.js";
import { type Settings, settings } from "./settings.js";

/** Settings that act at any time. */
const LIVE: readonly (keyof Settings)[] = ["disabled", "debug", "defaultClient"];

/** The settings of which the client was made, and whether a later change was reported. */
let made: { readonly from: Settings; isReported: boolean } | null = null;

/**
 * The client of the module functions, made with the first call.
 *
 * @throws OptionError for a setting of a wrong type.
 */
function globalClient(): PostHog {
  settings.defaultClient ??= create();
  reportLateChange();
  if (settings.defaultClient.isDebug !== settings.debug) {
    settings.defaultClient.debug(settings.debug);
  }
  return settings.defaultClient;
}

/**
 * Runs a function with the client. Neither throws while `settings.debug` is off: a mistake is reported, and
 * the neutral answer returned.
 */
export function withClient<T>(work: (client: PostHog) => T, neutral: T): T {
  if (settings.disabled) return neutral;
  try {
    return work(globalClient());
  } catch (cause) {
    return failed(cause, neutral);
  }
}

/** {@link withClient} for functions that return promises, which do not reject either. */
export async function withClientLater<T>(
  work: (client: PostHog) => Promise<T>,
  neutral: T,
): Promise<T> {
  if (settings.disabled) return neutral;
  try {
    return await work(globalClient());
  } catch (cause) {
    return failed(cause, neutral);
  }
}

/** Reports a mistake in the use of a function. */
export function reportMistake(message: string): void {
  consoleDiagnostics().warn(message);
}

function failed<T>(cause: unknown, neutral: T): T {
  if (settings.debug || cause instanceof OptionError) throw cause;
  consoleDiagnostics().error("a function of the module failed", { reason: messageOf(cause) });
  return neutral;
}

function create(): PostHog {
  made = { from: { ...settings }, isReported: false };
  const { projectApiKey, apiKey, superProperties, pollInterval } = settings;
  for (const [name, value] of [
    ["pollInterval", pollInterval],
    ["featureFlagsRequestTimeoutSeconds", settings.featureFlagsRequestTimeoutSeconds],
  ] as const) {
    if (typeof value !== "number" || !(value > 0)) {
      throw new OptionError(`settings.${name}`, "expected a number of seconds above 0");
    }
  }
  const client = new PostHog(projectApiKey ?? apiKey ?? "", {
    host: settings.host ?? undefined,
    onError: settings.onError ?? undefined,
    send: settings.send,
    syncMode: settings.syncMode,
    personalApiKey: settings.personalApiKey ?? undefined,
    featureFlagsPollingInterval: pollInterval * 1_000,
    disableGeoip: settings.disableGeoip,
    isServer: settings.isServer,
    featureFlagsRequestTimeoutMs: settings.featureFlagsRequestTimeoutSeconds * 1_000,
    enableExceptionAutocapture: settings.enableExceptionAutocapture,
    logCapturedExceptions: settings.logCapturedExceptions,
    projectRoot: settings.projectRoot,
    privacyMode: settings.privacyMode,
    beforeSend: settings.beforeSend ?? undefined,
    enableLocalEvaluation: settings.enableLocalEvaluation,
    flagDefinitionCacheProvider: settings.flagDefinitionCacheProvider ?? undefined,
    captureExceptionCodeVariables: settings.captureExceptionCodeVariables,
    codeVariablesMaskPatterns: settings.codeVariablesMaskPatterns,
    codeVariablesIgnorePatterns: settings.codeVariablesIgnorePatterns,
    inAppModules: settings.inAppModules,
  });
  if (superProperties !== null) client.register(superProperties);
  return client;
}

function reportLateChange(): void {
  if (made === null || made.isReported) return;
  const { from } = made;
  const names = Object.keys(settings) as (keyof Settings)[];
  const changed = names.find((name) => !LIVE.includes(name) && settings[name] !== from[name]);
  if (changed === undefined) return;
  made.isReported = true;
  reportMistake(`settings.${changed} was changed after the first call, and has no effect`);
}
