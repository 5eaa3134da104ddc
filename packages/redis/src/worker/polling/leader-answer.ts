import {
  type AbortSignalLike,
  type Clock,
  pause,
  type RefreshOutcome,
} from "@sortition/core/internal";
import { outOfMemory } from "../../errors/redis-error.js";
import { closedOutcome } from "../closed-outcome.js";
import type { Heartbeat } from "../heartbeat.js";
import type { Reader } from "../reader.js";
import type { WorkerState } from "../worker-state.js";
import { failureOf } from "./outcomes.js";

/** Pause between two reads while waiting for the leader. */
const ANSWER_MS = 25;

export interface AnswerFacts {
  readonly clock: Clock;
  readonly state: WorkerState;
  readonly heartbeat: Heartbeat;
  readonly reader: Reader;
  readonly signal: AbortSignalLike;
  /** Address of Redis, for messages. */
  readonly place: string;
  /** When the refresh started, by the monotonic clock. */
  readonly startedAtMs: number;
  /** Hash of the content at that time. */
  readonly sha: string | undefined;
  /** Whether the leader receives requests. If not, the outcome is based on the last tick. */
  isHeard(): boolean;
  /** Whether the fleet can no longer serve this process. */
  isDirect(): boolean;
}

/** Waits until it is worth reading again. */
export function waitForAnswer(clock: Clock): Promise<void> {
  return pause(clock, ANSWER_MS, { holdsProcess: false });
}

/**
 * Reads the shared state until the leader has polled after the refresh started.
 *
 * @returns `null` if this process now polls for itself.
 */
export async function awaitAnswer(facts: AnswerFacts): Promise<RefreshOutcome | null> {
  const { clock, heartbeat, reader, sha, signal, startedAtMs, state } = facts;
  for (;;) {
    if (state.isStopped || signal.aborted) {
      return closedOutcome();
    }
    if (facts.isDirect()) return null;
    if (!facts.isHeard()) break;
    const settledAgeMs = state.lastTick?.settledAgeMs ?? null;
    const elapsedMs = clock.monotonicMs() - startedAtMs;
    if (settledAgeMs !== null && settledAgeMs + state.lastReplyMs < elapsedMs) break;
    await waitForAnswer(clock);
    await heartbeat.beat();
  }
  await reader.idle;
  // A tick clears this failure once it no longer matters.
  if (reader.failure !== null) return { outcome: "failed", error: reader.failure.error };
  const { content, lastTick } = state;
  if (lastTick?.outcome === "out-of-memory") {
    return { outcome: "failed", error: outOfMemory(facts.place) };
  }
  if (lastTick !== null && lastTick.outcome !== "ok" && lastTick.outcome !== "") {
    return { outcome: "failed", error: failureOf(lastTick, 0).error };
  }
  return { outcome: content?.sha === sha ? "unchanged" : "updated" };
}
