import type { Diagnostics } from "@sortition/core";
import {
  booleanOption,
  DOCUMENTATION_URL,
  foreignAdvice,
  type OptionHints,
  requireFunction,
  requireMethods,
  unknownOptions,
} from "@sortition/core/internal";
import type { CaptureClientOptions } from "./capture-client-options.js";
import type { BeforeSend } from "./messages.js";

/**
 * Warnings for options that have no effect in Node.js, which is also true for the vendor's SDK, and for options that
 * this package does not support.
 */
const NOTES: Readonly<Record<string, string>> = {
  "this option has no effect in Node":
    "bootstrap persistence preloadFeatureFlags disableRemoteFeatureFlags " +
    "disableRemoteConfig disableSurveys sessionExpirationTimeSeconds remoteConfigRequestTimeoutMs " +
    "personProfiles addTracingHeaders",
  "this option is not supported":
    "logs appHost emailRequestTimeoutMs emailRequestMaxRetries migratedFrom enableFullAiCapture",
  "only the service name of this option is used": "metrics traces",
};

/** Option names of other SDKs by the same vendor, and names of arguments. */
const HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/vendors/posthog.md`,
  foreign: foreignAdvice,
  names: {
    apiKey: "pass it as the first argument of PostHog",
    api_key: "pass it as the first argument of PostHog",
    api_host: "use host",
    baseUrl: "use host",
    pollInterval: "use featureFlagsPollingInterval",
    poll_interval: "use featureFlagsPollingInterval",
    pollingIntervalMs: "use featureFlagsPollingInterval",
    assignmentLogger: "not supported: events go to the vendor's server",
    distinctId: "pass it to each call, such as isFeatureEnabled(key, distinctId)",
    userId: "pass it to each call, such as isFeatureEnabled(key, distinctId)",
    autocapture: "browsers only: call capture() instead",
  },
};

/**
 * Warns once about each option without effect. It does not throw, because a program must still run after the migration.
 */
export function warnOfIdleOptions(
  options: object,
  known: readonly string[],
  diagnostics: Diagnostics,
): void {
  for (const { option, hint } of unknownOptions(options, known, () => HINTS)) {
    const note = Object.keys(NOTES).find((it) => NOTES[it]?.split(" ").includes(option));
    diagnostics.warn(note ?? `unknown option ${option}${hint}`, { option });
  }
}

/** Boolean options that only this package has. */
const OWN_BOOLEANS = [
  ...(["send", "syncMode", "logCapturedExceptions", "captureExceptionCodeVariables"] as const),
];

/**
 * Checks the options that the vendor does not have.
 *
 * @throws OptionError that names the option with a wrong type.
 */
export function checkOwnOptions(options: CaptureClientOptions): void {
  for (const name of OWN_BOOLEANS) booleanOption(name, options[name], false);
  requireFunction("onError", options.onError);
  requireMethods(
    "dispatcher",
    options.dispatcher,
    ["dispatch"],
    ", such as new Agent() from undici",
  );
  for (const hook of listOf(options.beforeSend)) requireFunction("beforeSend", hook);
}

/** Returns the `before_send` hooks under either name, as a list. */
export function hooksOf(options: CaptureClientOptions): readonly BeforeSend[] {
  return listOf(options.before_send ?? options.beforeSend);
}

function listOf(hooks: CaptureClientOptions["before_send"]): readonly BeforeSend[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? [...hooks] : [hooks];
}
