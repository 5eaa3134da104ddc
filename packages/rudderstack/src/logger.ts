import {
  address,
  type BufferedLogger,
  type BufferedLoggerOptions,
  boolean,
  createTrackLogger,
  integer,
  MAX_DELAY_MS,
  markRelease,
  OptionError,
  type Readers,
  type ResolvedLoggerOptions,
  requireMethods,
  requireString,
  soundKey,
  string,
  type TrackOptions,
} from "@sortition/core/internal";
import { borrowedPlan, type RudderAnalytics } from "./borrowed.js";
import { ownedPlan } from "./owned.js";
import { RELEASE } from "./version.js";

/** Options for your own instance, which the logger uses but never closes or changes. */
export interface BorrowedRudderstack {
  /** Your own instance, which the logger never closes or changes. */
  readonly analytics: RudderAnalytics;
  /** The `flushAt` of your own instance, if you changed it. Default: 20. */
  readonly flushAt?: number | undefined;
}

/** Options of a logger that sends its own requests to RudderStack. */
export interface OwnedRudderstack {
  /** Write key of the source. */
  readonly writeKey: string;
  /** URL of the data plane. */
  readonly dataPlaneUrl: string;
  /** Path of the batch endpoint. Default: `/v1/batch`. */
  readonly path?: string | undefined;
  /** Whether to compress requests. Default: `true`. */
  readonly gzip?: boolean | undefined;
  /** Number of events per request, from 1 to 500. Default: 20. */
  readonly flushAt?: number | undefined;
  /** Time after which an incomplete batch is sent, ms. Default: 10,000. */
  readonly flushIntervalMs?: number | undefined;
  /** Time-out of one attempt, ms. Default: 10,000. */
  readonly requestTimeoutMs?: number | undefined;
}

/** Options of {@link rudderstackLogger}. */
export type RudderstackLoggerOptions = BufferedLoggerOptions &
  TrackOptions &
  (BorrowedRudderstack | OwnedRudderstack);

/** The library's default for `flushAt`. */
const LIBRARY_FLUSH_AT = 20;

const BORROWED = () =>
  ({
    analytics: (path, value = null) => {
      const advice = ", such as new RudderAnalytics(writeKey, { dataPlaneUrl })";
      requireMethods(path, value, ["track", "flush"], advice);
      if (typeof Object(value).closeAndFlush === "function") {
        const problem = "is an instance of @segment/analytics-node: use segmentLogger";
        throw new OptionError(path, `${problem}({ analytics })`);
      }
      return value as RudderAnalytics;
    },
    flushAt: integer(1, 10_000, LIBRARY_FLUSH_AT),
  }) satisfies Readers<BorrowedRudderstack>;

const OWNED = () =>
  ({
    writeKey: (path, value) => soundKey(path, readRequired(path, value)),
    dataPlaneUrl: address(readRequired),
    path: string("/v1/batch"),
    gzip: boolean(true),
    flushAt: integer(1, 500, 20),
    flushIntervalMs: integer(1, MAX_DELAY_MS, 10_000),
    requestTimeoutMs: integer(1, MAX_DELAY_MS, 10_000),
  }) satisfies Readers<OwnedRudderstack>;

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
  const name = "rudderstack";
  const logger =
    "analytics" in options
      ? createTrackLogger(options, {
          ...{ name, owned: false, readers: BORROWED() },
          plan: ({ analytics, flushAt, ...resolved }) => {
            warnOfMissingHandler(analytics, resolved);
            return borrowedPlan(analytics, flushAt);
          },
        })
      : createTrackLogger(options, { name, owned: true, readers: OWNED(), plan: ownedPlan });
  return markRelease(logger, RELEASE);
}

/** Without an error handler, the library causes rejections that no code can handle. */
function warnOfMissingHandler(
  analytics: RudderAnalytics,
  { diagnostics, name }: Pick<ResolvedLoggerOptions, "diagnostics" | "name">,
): void {
  if (!("errorHandler" in analytics) || typeof analytics.errorHandler === "function") return;
  diagnostics.warn(
    "the RudderStack instance has no errorHandler, so a failed request will end the process",
    { logger: name },
  );
}

function readRequired(path: string, value: unknown): string {
  const problem =
    "expected a string: is the environment variable that holds it set? Or pass an instance as analytics";
  return requireString(path, value, problem);
}
