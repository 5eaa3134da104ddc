import {
  type BufferedLogger,
  type BufferedLoggerOptions,
  booleanOption,
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
import { borrowedPlan, type RudderAnalytics } from "./borrowed.js";
import { ownedPlan } from "./owned.js";

/** An instance of yours: it is used, and never closed or changed. */
export interface BorrowedRudderstack {
  readonly analytics: RudderAnalytics;
  /** As you gave it to the instance. Default: 20. */
  readonly flushAt?: number | undefined;
}

/** What the logger makes its own instance from, with the first event. */
export interface OwnedRudderstack {
  readonly writeKey: string;
  readonly dataPlaneUrl: string;
  /** `/v1/batch` unless given. */
  readonly path?: string | undefined;
  /** Requests are zipped unless this is false. */
  readonly gzip?: boolean | undefined;
  /** Events in a request, 1 … 500; 20 unless given. */
  readonly flushAt?: number | undefined;
  /** Fewer events are sent after so long, 10 000 unless given. */
  readonly flushIntervalMs?: number | undefined;
  /** Of a request, 3 unless given; 0: none. */
  readonly retryCount?: number | undefined;
  /** Of one attempt, 10 000 unless given. */
  readonly requestTimeoutMs?: number | undefined;
}

/** Options of {@link rudderstackLogger}. */
export type RudderstackLoggerOptions = BufferedLoggerOptions &
  TrackOptions &
  (BorrowedRudderstack | OwnedRudderstack);

/**
 * Makes a logger that sends each assignment and each choice of a bandit to RudderStack as a `track` call.
 *
 * @throws {OptionError} for an option that is unknown or cannot be right.
 */
export function rudderstackLogger(options: RudderstackLoggerOptions): BufferedLogger {
  const isBorrowed = "analytics" in options;
  const names: readonly string[] = isBorrowed
    ? ["analytics", "flushAt"]
    : [
        ...["writeKey", "dataPlaneUrl", "path", "gzip", "flushAt", "flushIntervalMs"],
        ...["retryCount", "requestTimeoutMs"],
      ];
  const resolved = resolveLoggerOptions(options, [...TRACK_OPTION_NAMES, ...names], {
    name: "rudderstack",
    owned: !isBorrowed,
  });
  const plan = isBorrowed ? borrow(options) : own(options);
  if (isBorrowed && lacksErrorHandler(options.analytics)) {
    resolved.diagnostics.warn(
      "the RudderStack instance has no errorHandler: a failed request will end the process",
      { logger: resolved.name },
    );
  }
  return createBufferedLogger(plan, resolved, (event) => trackMessage(event, options));
}

/** The rejection is made inside the library, where nobody else can handle it. */
function lacksErrorHandler(analytics: RudderAnalytics): boolean {
  return "errorHandler" in analytics && typeof analytics.errorHandler !== "function";
}

function borrow({ analytics, flushAt }: BorrowedRudderstack): ReturnType<typeof borrowedPlan> {
  requireMethods("analytics", analytics, ["track", "flush"]);
  return borrowedPlan(
    analytics,
    integerOption("flushAt", flushAt, { min: 1, max: 10_000 }, undefined),
  );
}

function own(options: OwnedRudderstack): ReturnType<typeof ownedPlan> {
  const { writeKey, dataPlaneUrl, path } = options;
  const problem = "expected a text, or give an instance as analytics";
  requireText("writeKey", writeKey, problem);
  requireText("dataPlaneUrl", dataPlaneUrl, problem);
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
