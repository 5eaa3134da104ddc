import type { ConfigurationOrigin, Diagnostics } from "@sortition/core/internal";
import type { RedisInput } from "../connection/input.js";
import type { DedupeOptions } from "../dedupe/options.js";
import type { OutboxOptions } from "../outbox/options.js";
import type { StickyBucketOptions } from "../sticky/options.js";

/** Options of {@link redis}. */
export interface RedisFleetOptions {
  /**
   * Where Redis is: a URL, options of ioredis, a function that makes a client with the options that it is
   * given, or a client of yours. A client is only duplicated: never used, closed or changed.
   */
  readonly redis: RedisInput;
  /** Where the configuration comes from, e.g. `httpOrigin({ apiKey })`. Without it: no `source`. */
  readonly origin?: ConfigurationOrigin | undefined;
  /** Default: the name of the dialect and 12 hex digits of the origin's scope. */
  readonly namespace?: string | undefined;
  /** First part of all keys. Default: `sortition`, after the `keyPrefix` of a client that is passed in. */
  readonly prefix?: string | undefined;
  /** Ms between two polls of the whole fleet. Default: 30 000. */
  readonly pollIntervalMs?: number | undefined;
  /** How long a leader that died is waited for. Default: half the interval, at least 750, at most 15 000. */
  readonly leaseMs?: number | undefined;
  /** Ms between two polls of Redis by a follower. Default: a third of the interval, at most 10 000. */
  readonly tickMs?: number | undefined;
  /** How long a poll that was begun is waited for; renewed while it runs. Default: 12 000. */
  readonly claimMs?: number | undefined;
  /** Deadline of a command. Default: a third of `leaseMs`, at most 1 000. */
  readonly commandTimeoutMs?: number | undefined;
  /** Deadline of a connection. Default: 2 000. */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * How long Redis may be unusable before this process polls by itself, in time in which the event loop ran.
   * Default: one interval, without a configuration 1 000.
   */
  readonly directAfterMs?: number | undefined;
  /** How late a poll of the fleet may be before this process polls by itself. Default: one interval, at least 1.5 × `leaseMs`. */
  readonly overdueAfterMs?: number | undefined;
  /** `hold`: never poll while Redis is unusable. Default: `direct`. */
  readonly whenRedisDown?: "direct" | "hold" | undefined;
  /** Whether this process may poll for the fleet. Default: true. */
  readonly eligible?: boolean | undefined;
  /** Whether changes are pushed, by a second connection. Default: true. */
  readonly pubsub?: boolean | undefined;
  /** Spread of the reads after a push. Default: 100 for a stored payload of more than 64 KiB, else 0. */
  readonly applyJitterMs?: number | undefined;
  /** Larger parts are stored compressed. Default: 16 384. */
  readonly compressFromBytes?: number | undefined;
  /** Larger parts are not stored. Default: 16 777 216. */
  readonly maxPayloadBytes?: number | undefined;
  /** Defaults of `fleet.dedupe`. */
  readonly dedupe?: DedupeOptions | undefined;
  /** Defaults of `fleet.outbox`. */
  readonly outbox?: OutboxOptions | undefined;
  /** Defaults of `fleet.stickyBuckets`. */
  readonly sticky?: StickyBucketOptions | undefined;
  /** Receives messages while no client is subscribed. Default: nothing is written. */
  readonly diagnostics?: Diagnostics | undefined;
}

export const OPTION_NAMES: readonly (keyof RedisFleetOptions)[] = [
  "redis",
  "origin",
  "namespace",
  "prefix",
  "pollIntervalMs",
  "leaseMs",
  "tickMs",
  "claimMs",
  "commandTimeoutMs",
  "connectTimeoutMs",
  "directAfterMs",
  "overdueAfterMs",
  "whenRedisDown",
  "eligible",
  "pubsub",
  "applyJitterMs",
  "compressFromBytes",
  "maxPayloadBytes",
  "dedupe",
  "outbox",
  "sticky",
  "diagnostics",
];
