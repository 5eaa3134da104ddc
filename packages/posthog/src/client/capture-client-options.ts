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
