import {
  type BufferedLogger,
  type BufferedLoggerOptions,
  createBufferedLogger,
  delayOption,
  integerOption,
  requireMethods,
  requireText,
  resolveLoggerOptions,
  TRACK_OPTION_NAMES,
  type TrackOptions,
  trackMessage,
} from "@sortition/core/logger";
import { borrowedPlan, type SegmentAnalytics } from "./borrowed.js";
import { ownedPlan } from "./owned.js";

/** An instance of yours: it is used, and never closed or changed. */
export interface BorrowedSegment {
  readonly analytics: SegmentAnalytics;
  /** As you gave it to the instance, 15 unless you did. */
  readonly flushAt?: number | undefined;
}

/** What the logger makes its own instance from, with the first event. */
export interface OwnedSegment {
  readonly writeKey: string;
  /** `https://api.segment.io` unless given. */
  readonly host?: string | undefined;
  /** `/v1/batch` unless given. */
  readonly path?: string | undefined;
  /** Events in a request, 1 … 500; 50 unless given. */
  readonly flushAt?: number | undefined;
  /** Fewer events are sent after so long, 10 000 unless given. */
  readonly flushIntervalMs?: number | undefined;
  /** Of a request, 10 unless given. */
  readonly maxRetries?: number | undefined;
  /** Of one attempt, 10 000 unless given. */
  readonly httpRequestTimeoutMs?: number | undefined;
}

/** Options of {@link segmentLogger}. */
export type SegmentLoggerOptions = BufferedLoggerOptions &
  TrackOptions &
  (BorrowedSegment | OwnedSegment);

/**
 * Makes a logger that sends each assignment and each choice of a bandit to Segment as a `track` call.
 *
 * @throws {OptionError} for an option that is unknown or cannot be right.
 */
export function segmentLogger(options: SegmentLoggerOptions): BufferedLogger {
  const isBorrowed = "analytics" in options;
  const names: readonly string[] = isBorrowed
    ? ["analytics", "flushAt"]
    : [
        "writeKey",
        "host",
        "path",
        "flushAt",
        "flushIntervalMs",
        "maxRetries",
        "httpRequestTimeoutMs",
      ];
  const resolved = resolveLoggerOptions(options, [...TRACK_OPTION_NAMES, ...names], {
    name: "segment",
    owned: !isBorrowed,
  });
  const plan = isBorrowed ? borrow(options) : own(options);
  return createBufferedLogger(plan, resolved, (event) => trackMessage(event, options));
}

function borrow({ analytics, flushAt }: BorrowedSegment): ReturnType<typeof borrowedPlan> {
  requireMethods("analytics", analytics, ["track", "flush"]);
  return borrowedPlan(
    analytics,
    integerOption("flushAt", flushAt, { min: 1, max: 10_000 }, undefined),
  );
}

function own(options: OwnedSegment): ReturnType<typeof ownedPlan> {
  const { writeKey, host, path, maxRetries, httpRequestTimeoutMs } = options;
  requireText("writeKey", writeKey, "expected a key, or give an instance as analytics");
  return ownedPlan({
    writeKey,
    host,
    path,
    maxRetries: integerOption("maxRetries", maxRetries, { min: 0, max: 1_000 }, undefined),
    httpRequestTimeoutMs: delayOption("httpRequestTimeoutMs", httpRequestTimeoutMs, undefined),
    flushAt: integerOption("flushAt", options.flushAt, { min: 1, max: 500 }, 50),
    flushIntervalMs: delayOption("flushIntervalMs", options.flushIntervalMs, 10_000),
  });
}
