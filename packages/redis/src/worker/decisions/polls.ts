import type { Tick } from "../replies.js";
import type { Decision } from "./decision.js";
import { resign } from "./lease.js";
import { reviewOmitted } from "./omitted.js";
import type { PollEnd } from "./transition.js";

/** Minimum time between the last poll and a requested one. */
export const MIN_POLL_GAP_MS = 1_000;
/** Consecutive failures after which the leader releases its lease. */
const MAX_FAILURES = 3;

export function startPoll(decision: Decision, { failures, n }: Tick): void {
  decision.state.isPollWished = false;
  decision.state.heldOffUntilMs = 0;
  decision.cancel("wish");
  const lead = { n, failures, ownFailures: decision.state.failedAttempts };
  if (decision.state.isRestoring) decision.state.waitingPoll = lead;
  else decision.actions.push({ do: "lead", lead });
}

/** Postpones a poll, because the last one was too recent. */
export function pollLater(decision: Decision, { settledAgeMs }: Tick): void {
  const { nowMs, poll } = decision.at;
  if (poll !== null || nowMs < decision.state.heldOffUntilMs || settledAgeMs === null) return;
  decision.set("wish", Math.max(0, MIN_POLL_GAP_MS - settledAgeMs));
}

export function polled(
  decision: Decision,
  { handsOver, holdOffMs, isDue, isGood, isRecorded }: PollEnd,
): void {
  const { nowMs, settings } = decision.at;
  const { state } = decision;
  if (holdOffMs > 0) state.heldOffUntilMs = nowMs + holdOffMs;
  if (isGood !== null) state.failedAttempts = isGood ? 0 : state.failedAttempts + 1;
  if (isGood === true && isRecorded !== null) {
    state.failedRecords = isRecorded ? 0 : state.failedRecords + 1;
  }
  // Another host may be able to reach the origin or Redis.
  if (Math.max(state.failedAttempts, state.failedRecords) >= MAX_FAILURES) resign(decision, 2);
  // If no other worker takes the lease, this worker continues.
  else if (handsOver) resign(decision, 1);
  reviewOmitted(decision);
  // A tick that renews a long lease may be later than the next poll.
  decision.tickWithin(isDue || state.isPollWished ? 0 : settings.pollIntervalMs);
}
