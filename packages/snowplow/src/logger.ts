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
} from "@sortition/core/logger";
import { borrowedPlan } from "./borrowed.js";
import { type SnowplowEventOptions, snowplowMessage } from "./message.js";
import { ownedPlan } from "./owned.js";
import type { SnowplowTracker } from "./track.js";

/** A tracker of yours: it is used, and never closed or changed. */
export interface BorrowedSnowplow {
  readonly tracker: SnowplowTracker;
  /** As you gave it to the tracker, 10 unless you did. */
  readonly bufferSize?: number | undefined;
}

/** What the logger makes its own tracker from, with the first event. */
export interface OwnedSnowplow {
  /** Of the collector; without a scheme, `https`. */
  readonly endpoint: string;
  readonly appId: string;
  /** Name of the tracker, `sortition` unless given. */
  readonly namespace?: string | undefined;
  /** True unless given. */
  readonly encodeBase64?: boolean | undefined;
  /** Of a request, 5 000 unless given. */
  readonly connectionTimeoutMs?: number | undefined;
  /** Of a request, 60 000 unless given. */
  readonly maxPostBytes?: number | undefined;
  /** Events that are sent at once, 1 … 500; 10 unless given. */
  readonly bufferSize?: number | undefined;
  /** Fewer events are sent after so long, 5 000 unless given. */
  readonly flushIntervalMs?: number | undefined;
}

/** Options of {@link snowplowLogger}. */
export type SnowplowLoggerOptions = BufferedLoggerOptions &
  SnowplowEventOptions &
  (BorrowedSnowplow | OwnedSnowplow);

const EVENT_OPTIONS = ["schemaVendor", "mapAssignment", "mapBandit", "contexts"];

/**
 * Makes a logger that sends each assignment and each choice of a bandit to a Snowplow collector as a
 * self-describing event.
 *
 * @throws {OptionError} for an option that is unknown or cannot be right.
 */
export function snowplowLogger(options: SnowplowLoggerOptions): BufferedLogger {
  const isBorrowed = "tracker" in options;
  const names: readonly string[] = isBorrowed
    ? ["tracker", "bufferSize"]
    : [
        ...["endpoint", "appId", "namespace", "encodeBase64", "connectionTimeoutMs"],
        ...["maxPostBytes", "bufferSize", "flushIntervalMs"],
      ];
  const resolved = resolveLoggerOptions(options, [...EVENT_OPTIONS, ...names], {
    name: "snowplow",
    owned: !isBorrowed,
  });
  const plan = isBorrowed ? borrow(options) : own(options);
  return createBufferedLogger(plan, resolved, (event) => snowplowMessage(event, options));
}

function borrow({ tracker, bufferSize }: BorrowedSnowplow): ReturnType<typeof borrowedPlan> {
  requireMethods("tracker", tracker, ["track", "flush"]);
  return borrowedPlan(
    tracker,
    integerOption("bufferSize", bufferSize, { min: 1, max: 10_000 }, undefined),
  );
}

function own(options: OwnedSnowplow): ReturnType<typeof ownedPlan> {
  const { endpoint, appId, namespace = "sortition" } = options;
  for (const [name, value] of Object.entries({ endpoint, appId, namespace })) {
    requireText(name, value, "expected a text, or give a tracker");
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
