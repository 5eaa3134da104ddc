import type { PollEnd } from "../decisions.js";
import type { Tick } from "../replies.js";
import type { Decision } from "./decision.js";
import { resign } from "./lease.js";
import { reviewOmitted } from "./omitted.js";

/** The leader polls on request if its last poll is at least this old. */
export const MIN_POLL_GAP_MS = 1_000;
/** Failures in a row after which the leader gives its lease back. */
const MAX_FAILURES = 3;

// Polls for the fleet.

export function startPoll(decision: Decision, { failures, n }: Tick): void {
  decision.state.isPollWished = false;
  decision.state.heldOffUntilMs = 0;
  decision.cancel("wish");
  const lead = { n, failures, ownFailures: decision.state.failedAttempts };
  if (decision.state.isRestoring) decision.state.waitingPoll = lead;
  else decision.actions.push({ do: "lead", lead });
}

/** The last poll is too young for another one. */
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
  // Another host may have a way out.
  if (Math.max(state.failedAttempts, state.failedRecords) >= MAX_FAILURES) resign(decision, 2);
  // If nobody takes the lease meanwhile, this worker goes on where it was.
  else if (handsOver) resign(decision, 1);
  reviewOmitted(decision);
  // A tick that renews a long lease may come later than the next poll is due.
  decision.tickWithin(isDue || state.isPollWished ? 0 : settings.pollIntervalMs);
}
