import type { ConfigurationOrigin, Diagnostics } from "@sortition/core/internal";
import type { RedisInput } from "../connection/input.js";
import type { DedupeOptions } from "../dedupe/options.js";
import type { OutboxOptions } from "../outbox/options.js";
import type { StickyBucketOptions } from "../sticky/options.js";

/** Options of {@link redis}. */
export interface RedisFleetOptions {
  /**
   * Where Redis is: a URL, ioredis options, a function that creates a client with the options that
   * it receives, or your ioredis client. Your client is only duplicated, and never used, closed or
   * changed.
   */
  readonly redis: RedisInput;
  /**
   * Where the configuration comes from, e.g. `httpOrigin({ apiKey })`. Without it, the fleet cannot
   * be used as a `source`.
   */
  readonly origin?: ConfigurationOrigin | undefined;
  /**
   * Name of the keys, such as `shop-production`. The same in all processes, and another one for each
   * environment. Required for `dedupe`, `outbox` and `stickyBuckets`, because what they store must
   * outlive the origin's key. Default: the name of the dialect and 12 hex digits of the origin's
   * scope, which changes with the key.
   */
  readonly namespace?: string | undefined;
  /** First part of all keys. Default: `sortition`, after the `keyPrefix` of a given client. */
  readonly prefix?: string | undefined;
  /** Interval of the fleet's polls, ms. Default: 30 000. */
  readonly pollIntervalMs?: number | undefined;
  /** Time limit of a command, ms. Default: a third of `timings.leaseMs`, at most 1 000. */
  readonly commandTimeoutMs?: number | undefined;
  /** Time limit to connect, ms. Default: 2 000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Timings that follow from the others, for tests and experts. */
  readonly timings?: FleetTimingOptions | undefined;
  /**
   * What to do while Redis is unusable: poll the origin (`direct`), or never poll (`hold`).
   * Default: `direct`.
   */
  readonly whenRedisDown?: "direct" | "hold" | undefined;
  /** Whether this process may poll for the fleet. Default: true. */
  readonly eligible?: boolean | undefined;
  /**
   * Whether changes are pushed, over a second connection. Otherwise a change is noticed at the next
   * read of Redis. Default: true.
   */
  readonly pubsub?: boolean | undefined;
  /**
   * Maximum jitter of the read after a push, ms. Default: 100 if the stored payload exceeds 64 KiB,
   * else 0.
   */
  readonly applyJitterMs?: number | undefined;
  /** Parts above this size are compressed, in bytes. Default: 16 384. */
  readonly compressFromBytes?: number | undefined;
  /** Parts above this size are not stored, in bytes. Default: 16 777 216. */
  readonly maxPayloadBytes?: number | undefined;
  /** Defaults of `fleet.dedupe`. */
  readonly dedupe?: DedupeOptions | undefined;
  /** Defaults of `fleet.outbox`. */
  readonly outbox?: OutboxOptions | undefined;
  /** Defaults of `fleet.stickyBuckets`. */
  readonly sticky?: StickyBucketOptions | undefined;
  /** Receives log messages while no client is subscribed. Default: none are written. */
  readonly diagnostics?: Diagnostics | undefined;
}

/** Timings of a fleet. Each default fits the given timings. */
export interface FleetTimingOptions {
  /**
   * Time after which a dead leader is replaced, ms, at least three times `commandTimeoutMs`.
   * Default: half the interval, at least 750, at most 15 000.
   */
  readonly leaseMs?: number | undefined;
  /**
   * Interval at which followers read Redis, ms. Default: a third of the poll interval, at most
   * 10 000.
   */
  readonly tickMs?: number | undefined;
  /**
   * Time after which a poll that has started is considered lost, ms. Renewed while the poll runs.
   * Default: 12 000.
   */
  readonly claimMs?: number | undefined;
  /**
   * How long Redis may be unusable before this process polls by itself, ms. Only time in which the
   * event loop runs counts. Default: one interval, or 1 000 without a configuration.
   */
  readonly directAfterMs?: number | undefined;
  /**
   * How late a poll of the fleet may be before this process polls by itself, ms. Default: one
   * interval, or 1.5 × `leaseMs` if that is longer.
   */
  readonly overdueAfterMs?: number | undefined;
}
