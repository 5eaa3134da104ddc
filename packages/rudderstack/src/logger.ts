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

/** Your own instance: the logger uses it, and never closes or changes it. */
export interface BorrowedRudderstack {
  readonly analytics: RudderAnalytics;
  /** As you gave it to the instance. Default: 20. */
  readonly flushAt?: number | undefined;
}

/** Settings of the instances that the logger makes, the first one with the first event. */
export interface OwnedRudderstack {
  readonly writeKey: string;
  readonly dataPlaneUrl: string;
  /** Default: `/v1/batch`. */
  readonly path?: string | undefined;
  /** Whether requests are compressed. Default: true. */
  readonly gzip?: boolean | undefined;
  /** Events of a request, 1 … 500. Default: 20. */
  readonly flushAt?: number | undefined;
  /** Fewer events are sent after this time. Default: 10 000. */
  readonly flushIntervalMs?: number | undefined;
  /** Retries of a request by the library; 0: none. Default: 3. */
  readonly retryCount?: number | undefined;
  /** Time of one attempt. Default: 10 000. */
  readonly requestTimeoutMs?: number | undefined;
}

/** Options of {@link rudderstackLogger}. */
export type RudderstackLoggerOptions = BufferedLoggerOptions &
  TrackOptions &
  (BorrowedRudderstack | OwnedRudderstack);

/** `flushAt` of the library unless its owner chose another. */
const LIBRARY_FLUSH_AT = 20;
const BORROWED = ["analytics", "flushAt"];
const OWNED = [
  ...["writeKey", "dataPlaneUrl", "path", "gzip", "flushAt", "flushIntervalMs"],
  ...["retryCount", "requestTimeoutMs"],
];

/**
 * Creates a logger that sends each assignment and each choice of a bandit to RudderStack as a `track`
 * call.
 *
 * @throws {OptionError} for an unknown option or a bad value.
 */
export function rudderstackLogger(options: RudderstackLoggerOptions): BufferedLogger {
  requireMethods("options", options ?? null, []);
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

/** Without a handler, the library makes a rejection that no other code can handle. */
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
      "the RudderStack instance has no errorHandler: a failed request will end the process",
      { logger: name },
    );
  }
  const range = { min: 1, max: 10_000 };
  return borrowedPlan(analytics, integerOption("flushAt", flushAt, range, LIBRARY_FLUSH_AT));
}

function own(options: OwnedRudderstack): ReturnType<typeof ownedPlan> {
  const { writeKey, dataPlaneUrl, path } = options;
  const problem = "expected a non-empty string, or give an instance as analytics";
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
