import { type Diagnostics, OptionError } from "@sortition/core/client";
import {
  booleanOption,
  hintFor,
  integerOption,
  type OptionHints,
  requireMethods,
} from "@sortition/core/source";
import type { RouteOptions } from "@sortition/node/transport";
import type { FetchLike } from "../capture/sender.js";
import type { NamePattern } from "../exceptions/variables/patterns.js";
import type { BeforeSend } from "./messages.js";

/** Options of capturing. All are optional. */
export interface CaptureClientOptions extends RouteOptions {
  /** Origin of the server. Default: `https://us.i.posthog.com`. */
  readonly host?: string | undefined;
  /** Events are sent when this many wait. Default: 20. */
  readonly flushAt?: number | undefined;
  /** Fewer are sent after this time, in ms; 0: not by themselves. Default: 5,000. */
  readonly flushInterval?: number | undefined;
  /** Events of one request. Default: 100. */
  readonly maxBatchSize?: number | undefined;
  /** Events that wait; then the oldest is dropped. Default: 10,000, and 32 MiB. */
  readonly maxQueueSize?: number | undefined;
  /** Sends requests instead of our own transport. */
  readonly fetch?: FetchLike | undefined;
  /** Further tries of a request. Default: 3. */
  readonly fetchRetryCount?: number | undefined;
  /** Delay between them, in ms. Default: 3,000. */
  readonly fetchRetryDelay?: number | undefined;
  /** Deadline of a request, in ms. Default: 10,000. */
  readonly requestTimeout?: number | undefined;
  /** Default: false. */
  readonly disableCompression?: boolean | undefined;
  /** The server does not look up where events come from. Default: true. */
  readonly disableGeoip?: boolean | undefined;
  /** Marks events as imported. Default: false. */
  readonly historicalMigration?: boolean | undefined;
  /** Captures and requests nothing. Default: false. */
  readonly disabled?: boolean | undefined;
  /** Whether events are captured before `optIn`. Default: true. */
  readonly defaultOptIn?: boolean | undefined;
  /** `false`: events are accepted and counted, but never sent. Default: true. */
  readonly send?: boolean | undefined;
  /** Sends each event at once, in a request of its own. Default: false. */
  readonly syncMode?: boolean | undefined;
  /** Looks at each event before it is sent. */
  readonly before_send?: BeforeSend | readonly BeforeSend[] | undefined;
  /** Another name of `before_send`. */
  readonly beforeSend?: BeforeSend | readonly BeforeSend[] | undefined;
  /** Whether events have `$is_server`. Default: true. */
  readonly isServer?: boolean | undefined;
  /** Hides inputs and outputs of language models. Default: false. */
  readonly privacyMode?: boolean | undefined;
  /** Called with each failed delivery and its events. */
  readonly onError?: ((error: unknown, batch: readonly unknown[]) => void) | undefined;
  /** Keeps a serverless function alive until its events are sent. */
  readonly waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
  /** Delay of that, renewed by each event, in ms. Default: 50. */
  readonly waitUntilDebounceMs?: number | undefined;
  /** Longest delay of it, in ms. Default: 500. */
  readonly waitUntilMaxWaitMs?: number | undefined;
  /** Removes the fragment of URLs that the Express set-up captures. Default: false. */
  readonly disable_capture_url_hashes?: boolean | undefined;
  /** Parts of further user agents of crawlers. */
  readonly custom_blocked_useragents?: readonly string[] | undefined;
  /** Captures `$pageview` of a crawler as `$bot_pageview`. Default: false. */
  readonly __preview_capture_bot_pageviews?: boolean | undefined;
  /** Captures uncaught exceptions and unhandled rejections. Default: false. */
  readonly enableExceptionAutocapture?: boolean | undefined;
  /** Exceptions of one type that are captured automatically at once. Default: 50. */
  readonly exceptionRateLimiterBucketSize?: number | undefined;
  /** Further ones in ten seconds. Default: 10. */
  readonly exceptionRateLimiterRefillRate?: number | undefined;
  /** Whether captured exceptions are logged, too. Default: false. */
  readonly logCapturedExceptions?: boolean | undefined;
  /** Only files in this folder are part of the application. `null`: all but those of packages. */
  readonly projectRoot?: string | null | undefined;
  /** Names of packages, or prefixes of paths, that are part of the application as well. */
  readonly inAppModules?: readonly string[] | null | undefined;
  /** Whether exceptions carry the local variables of their frames. Default: false. */
  readonly captureExceptionCodeVariables?: boolean | undefined;
  /** Names of variables whose values are not read. */
  readonly codeVariablesMaskPatterns?: readonly NamePattern[] | undefined;
  /** Names of variables that are left out. */
  readonly codeVariablesIgnorePatterns?: readonly NamePattern[] | undefined;
}

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
