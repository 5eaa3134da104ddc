import type { RedisErrorCode } from "../errors/redis-error.js";

/** What a process has done since the fleet was made. */
export interface RedisCounters {
  readonly ticks: number;
  /** Polls of the origin by this process, as leader or directly. */
  readonly polls: { readonly ok: number; readonly unchanged: number; readonly error: number };
  /** Those among them that were made directly. */
  readonly directPolls: number;
  readonly publishes: number;
  /** Configurations put back into a Redis that had lost them. */
  readonly restores: number;
  /** Writes that were refused because another process had taken the lease. */
  readonly fenced: number;
  readonly reads: number;
  /** Changes that arrived by a message. */
  readonly pushes: number;
  /** Changes of which no message arrived in time. */
  readonly missedPushes: number;
  readonly leaseAcquired: number;
  readonly leaseLost: number;
  /** Errors of Redis by their code. */
  readonly redisErrors: Readonly<Partial<Record<RedisErrorCode, number>>>;
  /** Stored payloads that were damaged or of an unknown format. */
  readonly corrupt: number;
  /** Payloads that no client of this process could use. */
  readonly rejected: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Counters while they are counted. */
export interface Counting extends Mutable<Omit<RedisCounters, "polls" | "redisErrors">> {
  readonly polls: Mutable<RedisCounters["polls"]>;
  readonly redisErrors: Partial<Record<RedisErrorCode, number>>;
}

export function createCounters(): Counting {
  return {
    ticks: 0,
    polls: { ok: 0, unchanged: 0, error: 0 },
    directPolls: 0,
    publishes: 0,
    restores: 0,
    fenced: 0,
    reads: 0,
    pushes: 0,
    missedPushes: 0,
    leaseAcquired: 0,
    leaseLost: 0,
    redisErrors: {},
    corrupt: 0,
    rejected: 0,
  };
}

export function snapshotOf(counting: Counting): RedisCounters {
  return {
    ...counting,
    polls: { ...counting.polls },
    redisErrors: { ...counting.redisErrors },
  };
}
