import {
  explainedOn,
  integer,
  OptionError,
  type Readers,
  readOptions,
  string,
} from "@sortition/core/internal";

/** Options of `fleet.dedupe`. */
export interface DedupeOptions {
  /** The name of this logger in results, counters and diagnostics. Default: `dedupe`. */
  readonly name?: string | undefined;
  /**
   * Time during which a logged exposure is not logged again, ms. Each takes one short key. Default: 24 hours.
   */
  readonly ttlMs?: number | undefined;
  /**
   * Maximum number of exposures that wait for Redis. Further exposures are logged without asking
   * Redis. Default: 10 000.
   */
  readonly maxPending?: number | undefined;
  /** Maximum number of exposures per pipeline. Default: 200. */
  readonly batchSize?: number | undefined;
  /** How long an incomplete pipeline waits for more exposures, ms. Default: 50. */
  readonly flushMs?: number | undefined;
  /**
   * Time during which no other process logs an exposure that this process is delivering, ms. If
   * this process dies, another one can log the exposure after this time. Default: 60 000.
   */
  readonly claimMs?: number | undefined;
}

/** The options with their defaults. */
export type DedupeSettings = Readonly<Record<Exclude<keyof DedupeOptions, "name">, number>> & {
  readonly name: string;
};

const DAY_MS = 86_400_000;
/** Less is a number of hours or days. */
const MIN_TTL_MS = 1_000;
const READERS = () =>
  ({
    name: string("dedupe"),
    ttlMs: integer(1, 366 * DAY_MS, DAY_MS),
    maxPending: integer(1, 1_000_000, 10_000),
    batchSize: integer(1, 1_000, 200),
    flushMs: integer(1, 60_000, 50),
    claimMs: integer(100, DAY_MS, 60_000),
  }) satisfies Readers<DedupeOptions>;

/**
 * Checks the options.
 *
 * @throws OptionError for an unknown option or a bad value.
 */
export function dedupeSettings(options: DedupeOptions = {}): DedupeSettings {
  const hints = explainedOn("/guides/redis.md");
  const read = readOptions(READERS(), options, "dedupe", hints);
  const { ttlMs } = read;
  if (ttlMs >= MIN_TTL_MS) return read;
  throw new OptionError(
    "dedupe.ttlMs",
    `expected at least ${MIN_TTL_MS}, got ${ttlMs}; it is in milliseconds: 24 h is 86_400_000`,
  );
}
