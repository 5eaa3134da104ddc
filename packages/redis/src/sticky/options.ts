import { explainedOn, integer, type Readers, readOptions } from "@sortition/core/internal";

/** Options of `fleet.stickyBuckets`. */
export interface StickyBucketOptions {
  /** How long the assignments of a subject are kept after the last save, ms. Default: 180 days. */
  readonly ttlMs?: number | undefined;
  /**
   * Maximum number of subjects whose assignments this process keeps in memory, for when Redis is
   * down. Default: 10 000.
   */
  readonly maxCached?: number | undefined;
  /** Maximum number of subjects whose new assignments wait for Redis. Default: 10 000. */
  readonly maxPending?: number | undefined;
  /** Delay before new assignments are saved together, ms. Default: 50. */
  readonly flushMs?: number | undefined;
}

/** The options with their defaults. */
export type StickyBucketSettings = Readonly<Record<keyof StickyBucketOptions, number>>;

const DAY_MS = 86_400_000;
const READERS = () =>
  ({
    ttlMs: integer(1_000, 3_660 * DAY_MS, 180 * DAY_MS),
    maxCached: integer(0, 10_000_000, 10_000),
    maxPending: integer(1, 1_000_000, 10_000),
    flushMs: integer(0, 60_000, 50),
  }) satisfies Readers<StickyBucketOptions>;

/**
 * Checks the options.
 *
 * @throws OptionError for an unknown option or a bad value.
 */
export function stickyBucketSettings(options: StickyBucketOptions = {}): StickyBucketSettings {
  return readOptions(READERS(), options, "sticky", explainedOn("/guides/redis.md"));
}
