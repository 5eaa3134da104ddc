import {
  type BufferedLogger,
  type BufferedLoggerOptions,
  booleanOption,
  createVendorLogger,
  delayOption,
  integerOption,
  markRelease,
  OptionError,
  requireMethods,
  requireString,
} from "@sortition/core/internal";
import { borrowedPlan } from "./borrowed.js";
import { type SnowplowEventOptions, snowplowMessage } from "./message.js";
import { ownedPlan } from "./owned.js";
import type { SnowplowTracker } from "./track.js";
import { RELEASE } from "./version.js";

/** Options for your own tracker, which the logger uses but never closes or changes. */
export interface BorrowedSnowplow {
  readonly tracker: SnowplowTracker;
  /** The tracker's own `bufferSize`. Default: 10. */
  readonly bufferSize?: number | undefined;
}

/** Options for the tracker that the logger creates with the first event. */
export interface OwnedSnowplow {
  /** URL of the collector. The default scheme is `https`. */
  readonly endpoint: string;
  readonly appId: string;
  /** Name of the tracker. Default: `sortition`. */
  readonly namespace?: string | undefined;
  /** Whether to encode JSON as Base64. Default: true. */
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

const EVENT_OPTIONS = ["schemaVendor", "mapAssignment", "mapBandit", "contexts", "structured"];
/** The library's default for `bufferSize`. */
const LIBRARY_BUFFER_SIZE = 10;
const BORROWED = ["tracker", "bufferSize"];
const OWNED = [
  ...["endpoint", "appId", "namespace", "encodeBase64", "connectionTimeoutMs"],
  ...["maxPostBytes", "bufferSize", "flushIntervalMs"],
];

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
  const { schemaVendor, structured } = options;
  if (schemaVendor !== undefined) requireString("schemaVendor", schemaVendor, "expected a vendor");
  booleanOption("structured", structured, false);
  const isBorrowed = "tracker" in options;
  const logger = createVendorLogger(options, {
    name: "snowplow",
    owned: !isBorrowed,
    optionNames: [...EVENT_OPTIONS, ...(isBorrowed ? BORROWED : OWNED)],
    plan: () => (isBorrowed ? borrow(options) : own(options)),
    build: (event) => snowplowMessage(event, options),
  });
  return markRelease(logger, RELEASE);
}

function borrow({ tracker, bufferSize }: BorrowedSnowplow): ReturnType<typeof borrowedPlan> {
  requireMethods("tracker", tracker ?? null, ["track", "flush"]);
  const range = { min: 1, max: 10_000 };
  return borrowedPlan(tracker, integerOption("bufferSize", bufferSize, range, LIBRARY_BUFFER_SIZE));
}

function own(options: OwnedSnowplow): ReturnType<typeof ownedPlan> {
  const { endpoint, appId, namespace = "sortition" } = options;
  for (const [name, value] of Object.entries({ endpoint, appId, namespace })) {
    requireString(name, value, "expected a non-empty string, or a `tracker`");
  }
  return ownedPlan({
    endpoint,
    appId,
    namespace,
    encodeBase64: booleanOption("encodeBase64", options.encodeBase64, true),
    connectionTimeoutMs: delayOption("connectionTimeoutMs", options.connectionTimeoutMs, 5_000),
    maxPostBytes: integerOption(
      "maxPostBytes",
      options.maxPostBytes,
      { min: 1_000, max: 1_000_000 },
      60_000,
    ),
    bufferSize: integerOption("bufferSize", options.bufferSize, { min: 1, max: 500 }, 10),
    flushIntervalMs: delayOption("flushIntervalMs", options.flushIntervalMs, 5_000),
  });
}
