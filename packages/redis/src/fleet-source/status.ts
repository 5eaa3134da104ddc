import type { LinkState } from "../connection/connection.js";
import type { PubsubState } from "../connection/subscriber.js";
import type { UseCounters } from "../fleet-services.js";
import type { SourceNotes } from "../sources/source-notes.js";
import { type Counting, type RedisCounters, snapshotOf } from "../worker/counters.js";
import type { Worker } from "../worker/worker.js";
import type { LastError, Role } from "../worker/worker-state.js";

/** The state of a fleet as this process sees it. */
export interface RedisStatus {
  /** Name of the keys. `sortition redis status` needs it. */
  readonly namespace: string;
  /** `stopped` before the first client and after the last one. */
  readonly role: Role;
  /**
   * Orders the configurations of the fleet. `null`: there is no configuration, or it was fetched
   * directly.
   */
  readonly revision: number | null;
  /**
   * SHA-256 of the configuration. Its first 16 digits are the `revision` in the client's status.
   */
  readonly sha: string | null;
  /** Time since the last successful poll that this process knows of. `null`: none. */
  readonly ageMs: number | null;
  /** How overdue the fleet's next poll is. Negative: not due yet; `null`: unknown. */
  readonly overdueMs: number | null;
  /** Where the configuration came from. */
  readonly source: "redis" | "origin" | "none";
  /** Number of this process's last lease. `null`: it has not led. */
  readonly fence: string | null;
  /** Worker that leads: host, process id and six random hexadecimal digits. `null`: unknown. */
  readonly leader: string | null;
  readonly pubsub: PubsubState;
  /** `replica`: the server is not the primary, so nothing can be written. */
  readonly redis: "ready" | "connecting" | "down" | "replica";
  /** While processes of another source use the namespace, too: `SORTITION_REDIS_NAMESPACE_CONFLICT`. */
  readonly lastError: LastError | null;
  readonly counters: RedisCounters & UseCounters;
}

export interface StatusFacts {
  readonly namespace: string;
  readonly conflict: SourceNotes["conflict"];
  readonly worker: Worker | null;
  readonly pubsub: PubsubState;
  readonly link: LinkState;
  readonly isReplica: boolean;
  readonly counters: Counting;
  readonly useCounters: UseCounters;
}

export function statusOf(facts: StatusFacts): RedisStatus {
  const { conflict, counters, isReplica, link, namespace, pubsub, useCounters, worker } = facts;
  const state = worker?.state ?? null;
  const content = state?.content ?? null;
  const tick = state?.lastTick ?? null;
  const isFromRedis = content?.payloads.some(({ from }) => from === "redis") === true;
  return {
    namespace,
    role: state?.role ?? "stopped",
    revision: state?.revision ?? null,
    sha: content?.sha ?? null,
    ageMs: state?.ageMs ?? null,
    overdueMs: state?.overdueMs ?? null,
    source: content === null ? "none" : isFromRedis ? "redis" : "origin",
    fence: state === null || state.fence === "0" ? null : state.fence,
    leader: tick === null || tick.leader === "" ? null : tick.leader,
    pubsub,
    redis: link === "closed" || link === "down" ? "down" : isReplica ? "replica" : link,
    lastError: errorOf(conflict) ?? state?.lastError ?? null,
    counters: { ...snapshotOf(counters), ...useCounters },
  };
}

function errorOf(conflict: SourceNotes["conflict"]): LastError | null {
  if (conflict === null) return null;
  const { atMs, error } = conflict;
  return { code: error.code, message: error.message, atMs };
}
