import {
  type BufferedLogger,
  type BufferedLoggerOptions,
  boolean,
  callback,
  createVendorLogger,
  integer,
  MAX_DELAY_MS,
  markRelease,
  OptionError,
  type PlainEvent,
  type Readers,
  requireMethods,
  requireString,
  unchecked,
  withCheckedMappers,
} from "@sortition/core/internal";
import { borrowedPlan } from "./borrowed.js";
import { CHANGES, type SnowplowEventOptions, snowplowMessage } from "./message.js";
import { ownedPlan } from "./owned.js";
import type { SnowplowTracker } from "./track.js";
import { RELEASE } from "./version.js";

/** Options for your own tracker, which the logger uses but never closes or changes. */
export interface BorrowedSnowplow {
  /** Your own tracker, which the logger never closes or changes. */
  readonly tracker: SnowplowTracker;
  /** The `bufferSize` of your own tracker, if you changed it. Default: 10. */
  readonly bufferSize?: number | undefined;
}

/** Options for the tracker that the logger creates with the first event. */
export interface OwnedSnowplow {
  /** URL of the collector. The default scheme is `https`. */
  readonly endpoint: string;
  /** ID of your application. */
  readonly appId: string;
  /** Name of the tracker. Default: `sortition`. */
  readonly namespace?: string | undefined;
  /** Whether to encode JSON as Base64. Default: `true`. */
  readonly encodeBase64?: boolean | undefined;
  /** Time-out of a request, ms. Default: 5,000. */
  readonly connectionTimeoutMs?: number | undefined;
  /** Maximum size of a request body, bytes. Default: 60,000. */
  readonly maxPostBytes?: number | undefined;
  /** Number of waiting events that are sent together, from 1 to 500. Default: 10. */
  readonly bufferSize?: number | undefined;
  /** Time after which fewer events are sent, ms. Default: 5,000. */
  readonly flushIntervalMs?: number | undefined;
}

/** Options of {@link snowplowLogger}. */
export type SnowplowLoggerOptions = BufferedLoggerOptions &
  SnowplowEventOptions &
  (BorrowedSnowplow | OwnedSnowplow);

/** The library's default for `bufferSize`. */
const LIBRARY_BUFFER_SIZE = 10;

const EVENTS = () =>
  ({
    schemaVendor: (path, value) => {
      if (value === undefined) return;
      requireString(path, value, "expected a vendor");
      if (!/^[\w.-]+$/.test(`${value}`)) {
        throw new OptionError(
          path,
          'expected letters, digits, "_", "-" and ".", as in com.example',
        );
      }
    },
    mapAssignment: callback(),
    mapBandit: callback(),
    contexts: unchecked(),
    structured: boolean(false),
  }) satisfies Readers<SnowplowEventOptions>;

const BORROWED = () =>
  ({
    ...EVENTS(),
    tracker: (path, value = null) => {
      requireMethods(path, value, ["track", "flush"], ", such as the result of newTracker(…)");
      return value as SnowplowTracker;
    },
    bufferSize: integer(1, 10_000, LIBRARY_BUFFER_SIZE),
  }) satisfies Readers<BorrowedSnowplow & SnowplowEventOptions>;

/** The tracker adds this path to the endpoint. */
const TRACKER_PATH = /\/com\.snowplowanalytics\.snowplow\/tp2\/?$/;

function readEndpoint(path: string, value: unknown): string {
  const endpoint = readRequired(path, value);
  if (!TRACKER_PATH.test(endpoint)) return endpoint;
  const server = endpoint.replace(TRACKER_PATH, "");
  throw new OptionError(path, `has a path that the tracker adds: write ${server}`);
}

const OWNED = () =>
  ({
    ...EVENTS(),
    endpoint: readEndpoint,
    appId: readRequired,
    namespace: (path, value = "sortition") => readRequired(path, value),
    encodeBase64: boolean(true),
    connectionTimeoutMs: integer(1, MAX_DELAY_MS, 5_000),
    maxPostBytes: integer(1_000, 1_000_000, 60_000),
    bufferSize: integer(1, 500, 10),
    flushIntervalMs: integer(1, MAX_DELAY_MS, 5_000),
  }) satisfies Readers<OwnedSnowplow & SnowplowEventOptions>;

/**
 * Creates a logger that sends each assignment and each bandit action to a Snowplow collector, as self-describing or
 * structured events.
 *
 * @throws {OptionError} if an option is unknown or invalid.
 */
export function snowplowLogger(options: SnowplowLoggerOptions): BufferedLogger {
  if (typeof options !== "object" || options === null) {
    throw new OptionError(
      "options",
      "expected an object: write snowplowLogger({ endpoint, appId })",
    );
  }
  if (typeof (options as { readonly track?: unknown }).track === "function") {
    throw new OptionError("options", "is a tracker: write snowplowLogger({ tracker })");
  }
  const checked = withCheckedMappers(options, CHANGES);
  const shared = {
    name: "snowplow",
    build: (event: PlainEvent) => snowplowMessage(event, checked),
  };
  const logger =
    "tracker" in options
      ? createVendorLogger(options, {
          ...{ ...shared, owned: false, readers: BORROWED() },
          plan: ({ bufferSize, tracker }) => borrowedPlan(tracker, bufferSize),
        })
      : createVendorLogger(options, { ...shared, owned: true, readers: OWNED(), plan: ownedPlan });
  return markRelease(logger, RELEASE);
}

function readRequired(path: string, value: unknown): string {
  const problem =
    "expected a string: is the environment variable that holds it set? Or pass a tracker";
  return requireString(path, value, problem);
}
