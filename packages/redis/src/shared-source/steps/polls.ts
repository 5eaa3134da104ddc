import type { PollEnd } from "../decisions.js";
import type { Tick } from "../replies.js";
import { resign } from "./lease.js";
import { reviewOmitted } from "./omitted.js";
import type { Step } from "./step.js";

/** The leader polls on request if its last poll is at least this old. */
export const MIN_POLL_GAP_MS = 1_000;
/** Failures in a row after which the leader gives its lease back. */
const MAX_FAILURES = 3;

// Polls for the fleet.

export function startPoll(step: Step, { failures, n }: Tick): void {
  step.state.isPollWished = false;
  step.state.heldOffUntilMs = 0;
  step.cancel("wish");
  const lead = { n, failures, ownFailures: step.state.failedAttempts };
  if (step.state.isRestoring) step.state.waitingPoll = lead;
  else step.actions.push({ do: "lead", lead });
}

/** The last poll is too young for another one. */
export function pollLater(step: Step, { settledAgeMs }: Tick): void {
  const { nowMs, poll } = step.at;
  if (poll !== null || nowMs < step.state.heldOffUntilMs || settledAgeMs === null) return;
  step.set("wish", Math.max(0, MIN_POLL_GAP_MS - settledAgeMs));
}

export function polled(
  step: Step,
  { handsOver, holdOffMs, isDue, isGood, isRecorded }: PollEnd,
): void {
  const { nowMs, settings } = step.at;
  const { state } = step;
  if (holdOffMs > 0) state.heldOffUntilMs = nowMs + holdOffMs;
  if (isGood !== null) state.failedAttempts = isGood ? 0 : state.failedAttempts + 1;
  if (isGood === true && isRecorded !== null) {
    state.failedRecords = isRecorded ? 0 : state.failedRecords + 1;
  }
  // Another host may have a way out.
  if (Math.max(state.failedAttempts, state.failedRecords) >= MAX_FAILURES) resign(step, 2);
  // If nobody takes the lease meanwhile, this worker goes on where it was.
  else if (handsOver) resign(step, 1);
  reviewOmitted(step);
  // A tick that renews a long lease may come later than the next poll is due.
  step.tickWithin(isDue || state.isPollWished ? 0 : settings.pollIntervalMs);
}
