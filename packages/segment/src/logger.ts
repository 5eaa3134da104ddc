import {
  address,
  type BufferedLogger,
  type BufferedLoggerOptions,
  createTrackLogger,
  integer,
  MAX_DELAY_MS,
  markRelease,
  OptionError,
  type Readers,
  requireMethods,
  requireString,
  soundKey,
  string,
  type TrackOptions,
} from "@sortition/core/internal";
import { borrowedPlan, type SegmentAnalytics } from "./borrowed.js";
import { ownedPlan } from "./owned.js";
import { RELEASE } from "./version.js";

/** Options for your own instance, which the logger uses but never closes or changes. */
export interface BorrowedSegment {
  /** Your own instance, which the logger never closes or changes. */
  readonly analytics: SegmentAnalytics;
  /** The `flushAt` of your own instance, if you changed it. Default: 15. */
  readonly flushAt?: number | undefined;
}

/** Options of a logger that sends its own requests to Segment. */
export interface OwnedSegment {
  /** Write key of the source. */
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

const BORROWED = () =>
  ({
    analytics: (path, value = null) => {
      requireMethods(path, value, ["track", "flush"], ", such as new Analytics({ writeKey })");
      return value as SegmentAnalytics;
    },
    flushAt: integer(1, 10_000, LIBRARY_FLUSH_AT),
  }) satisfies Readers<BorrowedSegment>;

const OWNED = () =>
  ({
    writeKey: readWriteKey,
    host: address(string("https://api.segment.io")),
    path: string("/v1/batch"),
    flushAt: integer(1, 500, 50),
    flushIntervalMs: integer(1, MAX_DELAY_MS, 10_000),
    maxRetries: integer(0, 1_000, 10),
    httpRequestTimeoutMs: integer(1, MAX_DELAY_MS, 10_000),
  }) satisfies Readers<OwnedSegment>;

/**
 * Creates a logger that sends each assignment and each bandit action to Segment as a `track` call.
 *
 * @throws {OptionError} if an option is unknown or invalid.
 */
export function segmentLogger(options: SegmentLoggerOptions): BufferedLogger {
  if (typeof options !== "object" || options === null) {
    throw new OptionError("options", "expected an object: write segmentLogger({ writeKey })");
  }
  const name = "segment";
  const logger =
    "analytics" in options
      ? createTrackLogger(options, {
          ...{ name, owned: false, readers: BORROWED() },
          plan: ({ analytics, flushAt }) => borrowedPlan(analytics, flushAt),
        })
      : createTrackLogger(options, { name, owned: true, readers: OWNED(), plan: ownedPlan });
  return markRelease(logger, RELEASE);
}

function readWriteKey(path: string, value: unknown): string {
  const problem =
    "expected a key: is the environment variable that holds it set? Or pass an instance as analytics";
  return soundKey(path, requireString(path, value, problem));
}
