import type { Content } from "../codec/content.js";
import type { Tick } from "./replies.js";
import type { LastError } from "./worker-state.js";

/** Snapshot of what a worker's clients have, and what the worker knows about it. */
export interface Held {
  readonly content: Content | null;
  /** `null` if the content was fetched directly or loaded from disk. */
  readonly revision: number | null;
  /** A stored revision that is unusable. */
  readonly unusableRevision: number | null;
  /** Time since the last successful poll that this worker knows about. `null`: none. */
  readonly ageMs: number | null;
  /** Time since the end of this process's last successful attempt at the origin. `null`: none. */
  readonly sinceAttemptMs: number | null;
  readonly lastTick: Tick | null;
  /** Time from the last request until its reply was read. Ages in the reply may be too low by as much. */
  readonly lastReplyMs: number;
  /** Whether the clients lack parts that are too large to be stored. */
  readonly lacksParts: boolean;
  /** Whether the next settle replaces all stored parts. */
  readonly mustRepair: boolean;
  readonly lastError: LastError | null;
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
