import type { RouteOptions } from "@sortition/node/internal";
import type { NamePattern } from "../exceptions/variables/patterns.js";
import type { CookieOptions } from "./cookies.js";
import type { BeforeSend } from "./messages.js";
import type { FetchLike } from "./send.js";

/** Options of capturing. All are optional. */
export interface CaptureClientOptions extends RouteOptions {
  /** Origin of the server. Default: `https://us.i.posthog.com`. */
  host?: string | undefined;
  /** Events are sent when this many wait. Default: 20. */
  flushAt?: number | undefined;
  /** After this time, in ms, fewer are sent, too; 0: they wait for more, or for a flush. Default: 5,000. */
  flushInterval?: number | undefined;
  /** Maximum number of events of one request. Default: 100. */
  maxBatchSize?: number | undefined;
  /** Maximum number of events that wait; beyond it the oldest is dropped. Default: 10,000, and 32 MiB. */
  maxQueueSize?: number | undefined;
  /** Sends requests instead of our own transport. */
  fetch?: FetchLike | undefined;
  /** Further tries of a request. Default: 3. */
  fetchRetryCount?: number | undefined;
  /** Delay between them, in ms. Default: 3,000. */
  fetchRetryDelay?: number | undefined;
  /** Deadline of a request, in ms. Default: 10,000. */
  requestTimeout?: number | undefined;
  /** Default: false. */
  disableCompression?: boolean | undefined;
  /** The server does not look up where events come from. Default: true. */
  disableGeoip?: boolean | undefined;
  /** Marks events as imported. Default: false. */
  historicalMigration?: boolean | undefined;
  /** Captures and requests nothing. Default: false. */
  disabled?: boolean | undefined;
  /** Whether events are captured before `optIn`. Default: true. */
  defaultOptIn?: boolean | undefined;
  /** `false`: events are accepted and counted, but never sent. Default: true. */
  send?: boolean | undefined;
  /** Sends each event at once, in a request of its own. Default: false. */
  syncMode?: boolean | undefined;
  /** Receives each event before it is sent. */
  before_send?: BeforeSend | BeforeSend[] | undefined;
  /** Another name of `before_send`. */
  beforeSend?: BeforeSend | BeforeSend[] | undefined;
  /** Whether events have `$is_server`. Default: true. */
  isServer?: boolean | undefined;
  /** Hides inputs and outputs of language models. Default: false. */
  privacyMode?: boolean | undefined;
  /** Called with each failed delivery and its events. */
  onError?: ((error: unknown, batch: readonly unknown[]) => void) | undefined;
  /** Keeps a serverless function alive until its events are sent. */
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
  /** With `waitUntil`: ms without a further event after which events are flushed. Default: 50. */
  waitUntilDebounceMs?: number | undefined;
  /** With `waitUntil`: ms after which they are flushed at the latest. Default: 500. */
  waitUntilMaxWaitMs?: number | undefined;
  /** Removes the fragment of URLs that the Express set-up captures. Default: false. */
  disable_capture_url_hashes?: boolean | undefined;
  /** Whether the Express set-ups read person and session from the cookie of the browser's library, without tracing headers. Default: false. */
  readPostHogCookie?: boolean | CookieOptions | undefined;
  /** Parts of further user agents of crawlers. */
  custom_blocked_useragents?: string[] | undefined;
  /** Captures `$pageview` of a crawler as `$bot_pageview`. Default: false. */
  __preview_capture_bot_pageviews?: boolean | undefined;
  /** Captures uncaught exceptions and unhandled rejections. Default: false. */
  enableExceptionAutocapture?: boolean | undefined;
  /** Automatically captured exceptions of one type until they are limited. Default: 50. */
  exceptionRateLimiterBucketSize?: number | undefined;
  /** After that, exceptions of the type in ten seconds. Default: 10. */
  exceptionRateLimiterRefillRate?: number | undefined;
  /** Whether captured exceptions are logged, too. Default: false. */
  logCapturedExceptions?: boolean | undefined;
  /** Folder of the application's files. `null`: every file outside of packages is one. */
  projectRoot?: string | null | undefined;
  /** Names of packages, or prefixes of paths, that are part of the application as well. */
  inAppModules?: readonly string[] | null | undefined;
  /** Whether exceptions carry the local variables of their frames. Default: false. */
  captureExceptionCodeVariables?: boolean | undefined;
  /** Names of variables whose values are not read. */
  codeVariablesMaskPatterns?: readonly NamePattern[] | undefined;
  /** Names of variables that are left out. */
  codeVariablesIgnorePatterns?: readonly NamePattern[] | undefined;
}
