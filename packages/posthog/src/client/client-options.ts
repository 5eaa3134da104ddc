import { type Diagnostics, OptionError } from "@sortition/core/client";
import {
  booleanOption,
  hintFor,
  integerOption,
  type OptionHints,
  requireMethods,
} from "@sortition/core/source";
import type { CaptureClientOptions } from "./capture-client-options.js";
import type { BeforeSend } from "./messages.js";

/** Options that do nothing in Node, with the vendor neither. */
const IDLE: readonly string[] = /* @__PURE__ */ (
  "bootstrap persistence preloadFeatureFlags disableRemoteFeatureFlags " +
  "disableRemoteConfig disableSurveys sessionExpirationTimeSeconds remoteConfigRequestTimeoutMs " +
  "personProfiles addTracingHeaders"
).split(" ");

/** Options of what this package does not have. */
const MISSING: readonly string[] = /* @__PURE__ */ (
  "readPostHogCookie metrics logs traces " +
  "appHost emailRequestTimeoutMs emailRequestMaxRetries migratedFrom " +
  "enableFullAiCapture"
).split(" ");

/** Names of other SDKs of the vendor, and of arguments. */
const HINTS: OptionHints = {
  page: "docs/migrate/from-posthog-node.md",
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
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || known.includes(name)) continue;
    if (IDLE.includes(name)) {
      diagnostics.warn("this option has no effect in Node", { option: name });
    } else if (MISSING.includes(name)) {
      diagnostics.warn("this option is not supported", { option: name });
    } else {
      const message = `unknown option ${name}${hintFor(name, known, HINTS)}`;
      diagnostics.warn(message, { option: name });
    }
  }
}

const BOOLEANS: readonly (keyof CaptureClientOptions)[] = [
  ...(["disableCompression", "disableGeoip", "historicalMigration", "disabled"] as const),
  ...(["defaultOptIn", "send", "syncMode", "isServer", "privacyMode"] as const),
  ...(["disable_capture_url_hashes", "__preview_capture_bot_pageviews"] as const),
  ...(["enableExceptionAutocapture", "logCapturedExceptions"] as const),
  ...(["captureExceptionCodeVariables"] as const),
];

/** Options that are numbers, with the least value. */
const NUMBERS: readonly (readonly [keyof CaptureClientOptions, number])[] = [
  ["flushAt", 1],
  ["flushInterval", 0],
  ["maxBatchSize", 1],
  ["maxQueueSize", 1],
  ["fetchRetryCount", 0],
  ["fetchRetryDelay", 0],
  ["requestTimeout", 1],
  ["waitUntilDebounceMs", 0],
  ["waitUntilMaxWaitMs", 0],
  ["exceptionRateLimiterBucketSize", 0],
  ["exceptionRateLimiterRefillRate", 0],
];

const FUNCTIONS = ["fetch", "onError", "waitUntil"] as const;

/** Names of the options of capturing. */
export const CAPTURE_OPTION_NAMES: readonly (keyof CaptureClientOptions)[] = [
  ...BOOLEANS,
  ...NUMBERS.map(([name]) => name),
  ...FUNCTIONS,
  ...(["host", "before_send", "beforeSend", "custom_blocked_useragents"] as const),
  ...(["projectRoot", "inAppModules", "codeVariablesMaskPatterns"] as const),
  ...(["codeVariablesIgnorePatterns", "proxy", "dispatcher"] as const),
];

const MAX_NUMBER = 2 ** 31 - 1;

/** @throws OptionError for a value of a wrong type, naming the option. */
export function checkCaptureOptions(options: CaptureClientOptions): void {
  for (const name of BOOLEANS) booleanOption(name, options[name], false);
  for (const [name, min] of NUMBERS) {
    integerOption(name, options[name], { min, max: MAX_NUMBER }, null);
  }
  for (const name of FUNCTIONS) {
    const value = options[name];
    if (value !== undefined && typeof value !== "function") {
      throw new OptionError(name, "expected a function");
    }
  }
  requireMethods("dispatcher", options.dispatcher, ["dispatch"]);
  for (const hook of hooksOf(options)) {
    if (typeof hook !== "function") throw new OptionError("before_send", "expected functions");
  }
}

/** `before_send`, by either name: one function or a list. */
export function hooksOf(options: CaptureClientOptions): readonly BeforeSend[] {
  const hooks = options.before_send ?? options.beforeSend ?? [];
  return typeof hooks === "function" ? [hooks] : [...hooks];
}
