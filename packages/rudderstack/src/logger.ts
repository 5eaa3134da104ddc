import {
  type BufferedLogger,
  type BufferedLoggerOptions,
  booleanOption,
  createTrackLogger,
  delayOption,
  integerOption,
  keyFault,
  markRelease,
  OptionError,
  type ResolvedLoggerOptions,
  requireMethods,
  requireString,
  type TrackOptions,
} from "@sortition/core/internal";
import { borrowedPlan, type RudderAnalytics } from "./borrowed.js";
import { ownedPlan } from "./owned.js";
import { RELEASE } from "./version.js";

/** Options for your own instance, which the logger uses but never closes or changes. */
export interface BorrowedRudderstack {
  readonly analytics: RudderAnalytics;
  /** The instance's own `flushAt`. Default: 20. */
  readonly flushAt?: number | undefined;
}

/** Options for instances that the logger creates. It creates the first one with the first event. */
export interface OwnedRudderstack {
  readonly writeKey: string;
  readonly dataPlaneUrl: string;
  /** Path of the batch endpoint. Default: `/v1/batch`. */
  readonly path?: string | undefined;
  /** Whether to compress requests. Default: true. */
  readonly gzip?: boolean | undefined;
  /** Number of events per request, from 1 to 500. Default: 20. */
  readonly flushAt?: number | undefined;
  /** Time after which an incomplete batch is sent, ms. Default: 10,000. */
  readonly flushIntervalMs?: number | undefined;
  /** Number of times that the library retries a request. Default: 3. */
  readonly retryCount?: number | undefined;
  /** Time-out of one attempt, ms. Default: 10,000. */
  readonly requestTimeoutMs?: number | undefined;
}

/** Options of {@link rudderstackLogger}. */
export type RudderstackLoggerOptions = BufferedLoggerOptions &
  TrackOptions &
  (BorrowedRudderstack | OwnedRudderstack);

/** The library's default for `flushAt`. */
const LIBRARY_FLUSH_AT = 20;
const BORROWED = ["analytics", "flushAt"];
const OWNED = [
  ...["writeKey", "dataPlaneUrl", "path", "gzip", "flushAt", "flushIntervalMs"],
  ...["retryCount", "requestTimeoutMs"],
];

/**
 * Creates a logger that sends each assignment and each bandit action to RudderStack as a `track` call.
 *
 * @throws {OptionError} if an option is unknown or invalid.
 */
export function rudderstackLogger(options: RudderstackLoggerOptions): BufferedLogger {
  if (typeof options !== "object" || options === null) {
    throw new OptionError(
      "options",
      "expected an object: write rudderstackLogger({ writeKey, dataPlaneUrl })",
    );
  }
  const owned = !isBorrowed(options);
  const logger = createTrackLogger(options, {
    name: "rudderstack",
    owned,
    optionNames: owned ? OWNED : BORROWED,
    plan: (resolved) => (isBorrowed(options) ? borrow(options, resolved) : own(options)),
  });
  return markRelease(logger, RELEASE);
}

function isBorrowed(
  options: BorrowedRudderstack | OwnedRudderstack,
): options is BorrowedRudderstack {
  return "analytics" in options;
}

/** Whether the instance lacks an error handler. In that case, the library causes rejections that no code can handle. */
function lacksErrorHandler(analytics: RudderAnalytics): boolean {
  return "errorHandler" in analytics && typeof analytics.errorHandler !== "function";
}

function borrow(
  { analytics, flushAt }: BorrowedRudderstack,
  { diagnostics, name }: ResolvedLoggerOptions,
): ReturnType<typeof borrowedPlan> {
  requireMethods("analytics", analytics ?? null, ["track", "flush"]);
  if (lacksErrorHandler(analytics)) {
    diagnostics.warn(
      "the RudderStack instance has no errorHandler, so a failed request will end the process",
      { logger: name },
    );
  }
  const range = { min: 1, max: 10_000 };
  return borrowedPlan(analytics, integerOption("flushAt", flushAt, range, LIBRARY_FLUSH_AT));
}

function own(options: OwnedRudderstack): ReturnType<typeof ownedPlan> {
  const { writeKey, dataPlaneUrl, path } = options;
  const problem = "expected a non-empty string, or an instance as `analytics`";
  requireString("writeKey", writeKey, problem);
  const fault = keyFault(writeKey);
  if (fault !== null) throw new OptionError("writeKey", fault);
  requireString("dataPlaneUrl", dataPlaneUrl, problem);
  if (path !== undefined) requireString("path", path, "expected a non-empty string");
  return ownedPlan({
    writeKey,
    dataPlaneUrl,
    path,
    gzip: booleanOption("gzip", options.gzip, true),
    retryCount: integerOption("retryCount", options.retryCount, { min: 0, max: 100 }, 3),
    requestTimeoutMs: delayOption("requestTimeoutMs", options.requestTimeoutMs, 10_000),
    flushAt: integerOption("flushAt", options.flushAt, { min: 1, max: 500 }, 20),
    flushIntervalMs: delayOption("flushIntervalMs", options.flushIntervalMs, 10_000),
  });
}
