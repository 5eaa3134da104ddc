import type { WorkerState } from "./worker-state.js";

/** Snapshot of what a worker's clients have, and what the worker knows about it. */
export interface Held
  extends Readonly<
    Pick<
      WorkerState,
      | ("ageMs" | "content" | "lastError" | "lastReplyMs" | "lastTick" | "mustRepair")
      | ("revision" | "sinceAttemptMs" | "unusableRevision")
    >
  > {
  /** Whether the clients lack parts that are too large to be stored. */
  readonly lacksParts: boolean;
}

/**
 * Whether a stored configuration is newer than directly fetched content. Overlapping attempts prove nothing, because
 * the later one may have received the older response. So the stored attempt must have started after this worker's
 * attempt ended.
 *
 * @param storedAgeMs - time since the start of the attempt that fetched the stored configuration.
 */
export function isOlderThan(
  { ageMs, sinceAttemptMs }: Pick<Held, "ageMs" | "sinceAttemptMs">,
  storedAgeMs: number | null,
): boolean {
  if (ageMs === null || sinceAttemptMs === null) return true; // loaded from disk
  return storedAgeMs !== null && storedAgeMs < sinceAttemptMs;
}
