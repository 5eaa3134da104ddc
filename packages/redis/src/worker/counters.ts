import type { RedisErrorCode } from "../errors/redis-error.js";

/** Counters of a process since its fleet was created. */
export interface RedisCounters {
  readonly ticks: number;
  /** Polls of the origin by this process, as leader or directly. */
  readonly polls: { readonly ok: number; readonly unchanged: number; readonly error: number };
  /** Polls that this process made for itself. Part of `polls`. */
  readonly directPolls: number;
  readonly publishes: number;
  /** Configurations put back into a Redis that had lost them. */
  readonly restores: number;
  /** Writes rejected because another process had taken the lease. */
  readonly fenced: number;
  readonly reads: number;
  /** Changes announced by a message. */
  readonly pushes: number;
  /** Changes that this process found by itself, because their message was late or lost. */
  readonly missedPushes: number;
  readonly leaseAcquired: number;
  readonly leaseLost: number;
  /** Redis errors by code. */
  readonly redisErrors: Readonly<Partial<Record<RedisErrorCode, number>>>;
  /** Stored payloads that were damaged or had an unknown format. */
  readonly corrupt: number;
  /** Payloads that no client of this process could use. */
  readonly rejected: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Mutable counters. */
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
