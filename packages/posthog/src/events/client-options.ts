import type { Diagnostics } from "@sortition/core";
import {
  booleanOption,
  DOCUMENTATION_URL,
  type OptionHints,
  requireFunction,
  requireMethods,
  unknownOptions,
} from "@sortition/core/internal";
import type { CaptureClientOptions } from "./capture-client-options.js";
import type { BeforeSend } from "./messages.js";

/** What is said of options that do nothing in Node, with the vendor neither, and of what this package does not have. */
const NOTES: Readonly<Record<string, string>> = {
  "this option has no effect in Node":
    "bootstrap persistence preloadFeatureFlags disableRemoteFeatureFlags " +
    "disableRemoteConfig disableSurveys sessionExpirationTimeSeconds remoteConfigRequestTimeoutMs " +
    "personProfiles addTracingHeaders",
  "this option is not supported":
    "logs appHost emailRequestTimeoutMs emailRequestMaxRetries migratedFrom enableFullAiCapture",
  "of this option only the service name is used": "metrics traces",
};

/** Names of other SDKs of the vendor, and of arguments. */
const HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/migrate/from-posthog-node.md`,
  names: {
    apiKey: "the first argument of PostHog",
    api_key: "the first argument of PostHog",
    api_host: "here: host",
    baseUrl: "here: host",
    pollInterval: "here: featureFlagsPollingInterval",
    poll_interval: "here: featureFlagsPollingInterval",
    pollingIntervalMs: "here: featureFlagsPollingInterval",
    assignmentLogger: "not there: events go to the vendor's server",
    autocapture: "of browsers: capture events by hand",
  },
};

/** Warns once for each option that has no effect. A program that moves here must go on running. */
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

/** Options that only this package has, and that are booleans. */
const OWN_BOOLEANS = [
  ...(["send", "syncMode", "logCapturedExceptions", "captureExceptionCodeVariables"] as const),
];

/**
 * Checks the options that the vendor does not have.
 *
 * @throws OptionError for a value of a wrong type, naming the option.
 */
export function checkOwnOptions(options: CaptureClientOptions): void {
  for (const name of OWN_BOOLEANS) booleanOption(name, options[name], false);
  requireFunction("onError", options.onError);
  requireMethods("dispatcher", options.dispatcher, ["dispatch"]);
  for (const hook of listOf(options.beforeSend)) requireFunction("beforeSend", hook);
}

/** `before_send`, by either name: one function or a list. */
export function hooksOf(options: CaptureClientOptions): readonly BeforeSend[] {
  return listOf(options.before_send ?? options.beforeSend);
}

function listOf(hooks: CaptureClientOptions["before_send"]): readonly BeforeSend[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? [...hooks] : [hooks];
}
