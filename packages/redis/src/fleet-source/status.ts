import type { PubsubState } from "../connection/subscriber.js";
import type { UseCounters } from "../fleet-services.js";
import type { RedisCounters } from "../worker/counters.js";
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
