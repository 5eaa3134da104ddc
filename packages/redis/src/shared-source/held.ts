import type { Content } from "../codec/content.js";
import type { Tick } from "./replies.js";
import type { LastError } from "./worker-state.js";

/** What the clients of a worker have, and what it knows of it, at one moment. */
export interface Held {
  readonly content: Content | null;
  /** `null` if the content was fetched directly, or came from a disk. */
  readonly revision: number | null;
  /** A stored revision that cannot be used. */
  readonly unusableRevision: number | null;
  /** Time since the last good poll that this worker knows of; `null` without one. */
  readonly ageMs: number | null;
  /** Time since the end of the last good attempt of this process at the origin; `null` without one. */
  readonly sinceAttemptMs: number | null;
  readonly lastTick: Tick | null;
  /** Time from the last request until its reply was read: the ages in it may be older by as much. */
  readonly lastReplyMs: number;
  /** Whether the clients lack parts that are too large to be stored. */
  readonly lacksParts: boolean;
  /** The next settle replaces all stored parts. */
  readonly mustRepair: boolean;
  readonly lastError: LastError | null;
}

/**
 * Whether a stored configuration is newer than directly fetched content. Attempts that overlap prove nothing, because
 * the attempt that began later may have been answered earlier. So the stored attempt must have begun after this worker's
 * attempt had ended.
 *
 * @param storedAgeMs - time since the beginning of the attempt that brought what is stored.
 */
export function isOlderThan(
  { ageMs, sinceAttemptMs }: Pick<Held, "ageMs" | "sinceAttemptMs">,
  storedAgeMs: number | null,
): boolean {
  if (ageMs === null || sinceAttemptMs === null) return true; // a copy from a disk
  return storedAgeMs !== null && storedAgeMs < sinceAttemptMs;
}
