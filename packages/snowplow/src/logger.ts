import {
  type BufferedLogger,
  type BufferedLoggerOptions,
  booleanOption,
  createVendorLogger,
  delayOption,
  integerOption,
  markRelease,
  requireMethods,
  requireString,
} from "@sortition/core/internal";
import { borrowedPlan } from "./borrowed.js";
import { type SnowplowEventOptions, snowplowMessage } from "./message.js";
import { ownedPlan } from "./owned.js";
import type { SnowplowTracker } from "./track.js";
import { RELEASE } from "./version.js";

/** Your own tracker: the logger uses it, and never closes or changes it. */
export interface BorrowedSnowplow {
  readonly tracker: SnowplowTracker;
  /** As you gave it to the tracker. Default: 10. */
  readonly bufferSize?: number | undefined;
}

/** Settings of the tracker that the logger makes with the first event. */
export interface OwnedSnowplow {
  /** URL of the collector; without a scheme, `https`. */
  readonly endpoint: string;
  readonly appId: string;
  /** Name of the tracker. Default: `sortition`. */
  readonly namespace?: string | undefined;
  /** Default: true. */
  readonly encodeBase64?: boolean | undefined;
  /** Deadline of a request, ms. Default: 5 000. */
  readonly connectionTimeoutMs?: number | undefined;
  /** Largest body of a request, bytes. Default: 60 000. */
  readonly maxPostBytes?: number | undefined;
  /** Events are sent when this many wait, 1 … 500. Default: 10. */
  readonly bufferSize?: number | undefined;
  /** Fewer events are sent after this time, ms. Default: 5 000. */
  readonly flushIntervalMs?: number | undefined;
}

/** Options of {@link snowplowLogger}. */
export type SnowplowLoggerOptions = BufferedLoggerOptions &
  SnowplowEventOptions &
  (BorrowedSnowplow | OwnedSnowplow);

const EVENT_OPTIONS = ["schemaVendor", "mapAssignment", "mapBandit", "contexts", "structured"];
/** `bufferSize` of the library unless its owner chose another. */
const LIBRARY_BUFFER_SIZE = 10;
const BORROWED = ["tracker", "bufferSize"];
const OWNED = [
  ...["endpoint", "appId", "namespace", "encodeBase64", "connectionTimeoutMs"],
  ...["maxPostBytes", "bufferSize", "flushIntervalMs"],
];

/**
 * Creates a logger that sends each assignment and each choice of a bandit to a Snowplow collector as a
 * self-describing event, or as a structured one.
 *
 * @throws {OptionError} for an unknown option or a bad value.
 */
export function snowplowLogger(options: SnowplowLoggerOptions): BufferedLogger {
  requireMethods("options", options ?? null, []);
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
    requireString(name, value, "expected a non-empty string, or give a tracker");
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
