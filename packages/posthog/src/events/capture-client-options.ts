import type { RouteOptions } from "@sortition/node/internal";
import type { NamePattern } from "../exceptions/variables/patterns.js";
import type { FetchOption } from "../http/requester.js";
import type { CookieOptions } from "./cookies.js";
import type { BeforeSend } from "./messages.js";

/** Options for capturing. All are optional. */
export interface CaptureClientOptions extends RouteOptions {
  /** Origin of the server. Default: `https://us.i.posthog.com`. */
  host?: string | undefined;
  /** Number of waiting events that triggers a request. Default: 20. */
  flushAt?: number | undefined;
  /** Time after which fewer events are sent, ms. If 0, they wait for more events or a flush. Default: 5,000. */
  flushInterval?: number | undefined;
  /** Maximum number of events per request. Default: 100. */
  maxBatchSize?: number | undefined;
  /** Maximum number of waiting events. At the limit, the oldest is dropped. Default: 10,000, and 32 MiB. */
  maxQueueSize?: number | undefined;
  /** Sends requests instead of our own transport. */
  fetch?: FetchOption | undefined;
  /** Number of retries of a request. Default: 3. */
  fetchRetryCount?: number | undefined;
  /** Delay between retries, ms. Default: 3,000. */
  fetchRetryDelay?: number | undefined;
  /** Deadline of a request, ms. Default: 10,000. */
  requestTimeout?: number | undefined;
  /** If `true`, requests are not compressed. Default: `false`. */
  disableCompression?: boolean | undefined;
  /** If `true`, the server does not look up the location of events. Default: `true`. */
  disableGeoip?: boolean | undefined;
  /** If `true`, events are marked as imported. Default: `false`. */
  historicalMigration?: boolean | undefined;
  /** If `true`, nothing is captured or requested. Default: `false`. */
  disabled?: boolean | undefined;
  /** If `false`, nothing is captured until `optIn`. Default: `true`. */
  defaultOptIn?: boolean | undefined;
  /** If `false`, events are accepted and counted, but never sent. Default: `true`. */
  send?: boolean | undefined;
  /** If `true`, each event is sent immediately in a separate request. Default: `false`. */
  syncMode?: boolean | undefined;
  /** Called with each event before it is sent. */
  before_send?: BeforeSend | BeforeSend[] | undefined;
  /** Alias of `before_send`. */
  beforeSend?: BeforeSend | BeforeSend[] | undefined;
  /** Whether events have the property `$is_server`. Default: `true`. */
  isServer?: boolean | undefined;
  /** If `true`, inputs and outputs of language models are hidden. Default: `false`. */
  privacyMode?: boolean | undefined;
  /** Called with the error and the events of each failed delivery. */
  onError?: ((error: unknown, batch: readonly unknown[]) => void) | undefined;
  /** Keeps a serverless function alive until its events are sent. */
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
  /** With `waitUntil`, the time without a further event after which events are flushed, ms. Default: 50. */
  waitUntilDebounceMs?: number | undefined;
  /** With `waitUntil`, the maximum time until events are flushed, ms. Default: 500. */
  waitUntilMaxWaitMs?: number | undefined;
  /** If `true`, fragments are removed from URLs that the Express functions capture. Default: `false`. */
  disable_capture_url_hashes?: boolean | undefined;
  /**
   * If `true`, the Express functions read person and session from the cookie of PostHog's browser library if a request
   * has no tracing headers. Default: `false`.
   */
  readPostHogCookie?: boolean | CookieOptions | undefined;
  /** Substrings of user agents of additional crawlers. */
  custom_blocked_useragents?: string[] | undefined;
  /** If `true`, `$pageview` of a crawler is captured as `$bot_pageview`. Default: `false`. */
  __preview_capture_bot_pageviews?: boolean | undefined;
  /** If `true`, uncaught exceptions and unhandled rejections are captured. Default: `false`. */
  enableExceptionAutocapture?: boolean | undefined;
  /** Number of automatically captured exceptions of one type before they are limited. Default: 50. */
  exceptionRateLimiterBucketSize?: number | undefined;
  /** Number of exceptions of this type per ten seconds after that. Default: 10. */
  exceptionRateLimiterRefillRate?: number | undefined;
  /** If `true`, captured exceptions are also logged. Default: `false`. */
  logCapturedExceptions?: boolean | undefined;
  /** Folder with the application's files. If `null`, every file outside of packages belongs to it. */
  projectRoot?: string | null | undefined;
  /** Names of packages, or prefixes of paths, that are also treated as part of the application. */
  inAppModules?: readonly string[] | null | undefined;
  /** If `true`, exceptions include the local variables of their frames. Default: `false`. */
  captureExceptionCodeVariables?: boolean | undefined;
  /** Names of variables whose values are masked. */
  codeVariablesMaskPatterns?: readonly NamePattern[] | undefined;
  /** Names of variables that are omitted. */
  codeVariablesIgnorePatterns?: readonly NamePattern[] | undefined;
}
