import {
  boolean,
  explainedOn,
  integer,
  OptionError,
  type Readers,
  readOptions,
  unchecked,
} from "@sortition/core/internal";
import { UNSAFE_IN_KEYS } from "../keys/keys.js";

/** Options of `fleet.outbox`. */
export interface OutboxOptions {
  /**
   * The name of this logger in results, counters and diagnostics, and of its stream. Outboxes with
   * the same name share their exposures, so give them the same logger. Default: `outbox`.
   */
  readonly name?: string | undefined;
  /**
   * Maximum number of exposures in the stream. While it is full, each process keeps its own.
   * Default: 100 000.
   */
  readonly maxEntries?: number | undefined;
  /**
   * Maximum number of exposures that this process holds until Redis has them. Further exposures are
   * dropped and counted. Default: 10 000.
   */
  readonly maxPending?: number | undefined;
  /** Delay before exposures are appended, ms. Default: 100. */
  readonly flushMs?: number | undefined;
  /**
   * Whether this process delivers exposures to the logger, which needs one more connection.
   * Default: true.
   */
  readonly deliver?: boolean | undefined;
  /** Time after which another process claims an undelivered exposure, ms. Default: 60 000. */
  readonly minIdleMs?: number | undefined;
  /**
   * Time limit of one delivery by the logger and its `flush`, ms. Afterwards, unfinished exposures
   * are redelivered. At most half of `minIdleMs`. Default: a quarter of `minIdleMs`, at most 10
   * 000.
   */
  readonly deliveryTimeoutMs?: number | undefined;
  /**
   * Number of failed deliveries after which an exposure moves to the dead stream. An entry that is
   * not an exposure moves there immediately. Default: 5.
   */
  readonly maxDeliveries?: number | undefined;
}

/** The options with their defaults. */
export type OutboxSettings = Readonly<
  Record<Exclude<keyof OutboxOptions, "deliver" | "name">, number>
> & {
  readonly name: string;
  readonly delivers: boolean;
};

const READERS = () =>
  ({
    name: readName,
    maxEntries: integer(1, 100_000_000, 100_000),
    maxPending: integer(1, 1_000_000, 10_000),
    flushMs: integer(1, 60_000, 100),
    deliver: boolean(true),
    minIdleMs: integer(100, 86_400_000, 60_000),
    deliveryTimeoutMs: unchecked<number | undefined>(),
    maxDeliveries: integer(1, 1_000, 5),
  }) satisfies Readers<OutboxOptions>;
const MAX_DEFAULT_DELIVERY_MS = 10_000;

/**
 * Checks the options.
 *
 * @throws OptionError for an unknown option or a bad value.
 */
export function outboxSettings(options: OutboxOptions = {}): OutboxSettings {
  const {
    deliver: delivers,
    deliveryTimeoutMs,
    ...read
  } = readOptions(READERS(), options, "outbox", explainedOn("/guides/redis.md"));
  const { minIdleMs } = read;
  // Other consumers claim entries whose delivery takes longer than `minIdleMs`.
  const usualMs = Math.min(MAX_DEFAULT_DELIVERY_MS, minIdleMs / 4);
  const readDelivery = integer(1, Math.floor(minIdleMs / 2), usualMs);
  const deliveryMs = readDelivery("outbox.deliveryTimeoutMs", deliveryTimeoutMs);
  return { ...read, delivers, deliveryTimeoutMs: deliveryMs };
}

function readName(path: string, name: unknown = "outbox"): string {
  if (typeof name !== "string" || name === "" || UNSAFE_IN_KEYS.test(name)) {
    throw new OptionError(path, "expected a non-empty string without braces and blanks");
  }
  if (!/(?:^|:)(?:dead|counts)$/.test(name)) return name;
  throw new OptionError(
    path,
    "expected a name other than dead and counts that does not end with :dead or :counts",
  );
}
