import {
  type BufferedLogger,
  type BufferedLoggerOptions,
  createTrackLogger,
  delayOption,
  integerOption,
  keyFault,
  markRelease,
  OptionError,
  requireMethods,
  requireString,
  type TrackOptions,
} from "@sortition/core/internal";
import { borrowedPlan, type SegmentAnalytics } from "./borrowed.js";
import { ownedPlan } from "./owned.js";
import { RELEASE } from "./version.js";

/** Options for your own instance, which the logger uses but never closes or changes. */
export interface BorrowedSegment {
  readonly analytics: SegmentAnalytics;
  /** The instance's own `flushAt`. Default: 15. */
  readonly flushAt?: number | undefined;
}

/** Options for the instance that the logger creates with the first event. */
export interface OwnedSegment {
  readonly writeKey: string;
  /** Origin of the service. Default: `https://api.segment.io`. */
  readonly host?: string | undefined;
  /** Path of the batch endpoint. Default: `/v1/batch`. */
  readonly path?: string | undefined;
  /** Number of events per request, from 1 to 500. Default: 50. */
  readonly flushAt?: number | undefined;
  /** Time after which an incomplete batch is sent, ms. Default: 10,000. */
  readonly flushIntervalMs?: number | undefined;
  /** Number of times that a request is retried. Default: 10. */
  readonly maxRetries?: number | undefined;
  /** Time-out of one attempt, ms. Default: 10,000. */
  readonly httpRequestTimeoutMs?: number | undefined;
}

/** Options of {@link segmentLogger}. */
export type SegmentLoggerOptions = BufferedLoggerOptions &
  TrackOptions &
  (BorrowedSegment | OwnedSegment);

/** The library's default for `flushAt`. */
const LIBRARY_FLUSH_AT = 15;
const BORROWED = ["analytics", "flushAt"];
const OWNED = [
  ...["writeKey", "host", "path", "flushAt", "flushIntervalMs", "maxRetries"],
  "httpRequestTimeoutMs",
];

/**
 * Creates a logger that sends each assignment and each bandit action to Segment as a `track` call.
 *
 * @throws {OptionError} if an option is unknown or invalid.
 */
export function segmentLogger(options: SegmentLoggerOptions): BufferedLogger {
  if (typeof options !== "object" || options === null) {
    throw new OptionError("options", "expected an object: write segmentLogger({ writeKey })");
  }
  const owned = !isBorrowed(options);
  const logger = createTrackLogger(options, {
    name: "segment",
    owned,
    optionNames: owned ? OWNED : BORROWED,
    plan: () => (isBorrowed(options) ? borrow(options) : own(options)),
  });
  return markRelease(logger, RELEASE);
}

function isBorrowed(options: BorrowedSegment | OwnedSegment): options is BorrowedSegment {
  return "analytics" in options;
}

function borrow({ analytics, flushAt }: BorrowedSegment): ReturnType<typeof borrowedPlan> {
  requireMethods("analytics", analytics ?? null, ["track", "flush"]);
  const range = { min: 1, max: 10_000 };
  return borrowedPlan(analytics, integerOption("flushAt", flushAt, range, LIBRARY_FLUSH_AT));
}

function own(options: OwnedSegment): ReturnType<typeof ownedPlan> {
  const { writeKey, host, path, maxRetries, httpRequestTimeoutMs } = options;
  requireString("writeKey", writeKey, "expected a key, or an instance as `analytics`");
  const fault = keyFault(writeKey);
  if (fault !== null) throw new OptionError("writeKey", fault);
  for (const [name, value] of Object.entries({ host, path })) {
    if (value !== undefined) requireString(name, value, "expected a non-empty string");
  }
  return ownedPlan({
    writeKey,
    host,
    path,
    maxRetries: integerOption("maxRetries", maxRetries, { min: 0, max: 1_000 }, 10),
    httpRequestTimeoutMs: delayOption("httpRequestTimeoutMs", httpRequestTimeoutMs, undefined),
    flushAt: integerOption("flushAt", options.flushAt, { min: 1, max: 500 }, 50),
    flushIntervalMs: delayOption("flushIntervalMs", options.flushIntervalMs, 10_000),
  });
}
