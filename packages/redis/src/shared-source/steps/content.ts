import { isOlderThan } from "../held.js";
import { failureOf } from "../polling/outcomes.js";
import { isUnstored, type Tick } from "../replies.js";
import type { Step } from "./step.js";

/** Followers restore only what the leader has not restored by then. */
const MIN_RESTORE_MS = 20;
const MAX_RESTORE_MS = 200;
/** A change that is older, and of which there was no message, counts as missed. */
const MISSED_AFTER_MS = 1_000;

// What is stored, compared with what the clients have.

/** Reads, confirms or restores. Returns whether the clients have what is stored. */
export function compare(step: Step, tick: Tick): boolean {
  const { content, revision: own, unusableRevision } = step.at.held;
  const { revision, sha } = tick;
  if (revision === unusableRevision) return false;
  if (content === null) {
    if (revision !== 0) step.actions.push({ do: "read" });
    return false;
  }
  if (own === null) return revision !== 0 && compareWithDirect(step, tick);
  if (revision < own) {
    if (!step.state.isPlain) restoreSoon(step, tick);
    return false;
  }
  if (revision > own && sha !== content.sha) {
    noteMissedPush(step, tick);
    step.actions.push({ do: "read" });
    return false;
  }
  // Another leader may have published the same bytes: no compile, no event.
  return confirm(step, tick);
}

/**
 * The content was fetched directly, or is a copy from a disk. The origin may have gone back to what is stored, so the
 * younger of both counts, by durations.
 */
function compareWithDirect(step: Step, tick: Tick): boolean {
  const { held } = step.at;
  if (tick.sha === held.content?.sha) return confirm(step, tick);
  const storedAgeMs = tick.okAgeMs === null ? null : tick.okAgeMs + held.lastReplyMs;
  if (isOlderThan(held, storedAgeMs)) step.actions.push({ do: "read" });
  // The fleet has it if the leader could not store it: the next poll tries again.
  else if (!isUnstored(tick.outcome)) {
    if (step.state.role === "leader") step.wishPoll();
    else step.actions.push({ do: "ask-leader" }); // again at the next tick
  }
  return false;
}

function confirm(step: Step, tick: Tick): true {
  if (tick.okAgeMs !== null) step.hasAge = true;
  step.actions.push({ do: "confirm", tick });
  return true;
}

function noteMissedPush(step: Step, { revision, settledAgeMs }: Tick): void {
  const isLate = settledAgeMs !== null && settledAgeMs > MISSED_AFTER_MS;
  if (isLate && step.state.lastPushed < revision && step.at.isSubscribed) {
    step.count("missedPushes");
  }
}

export function pushed(step: Step, revision: number): void {
  if (!(revision > (step.at.held.revision ?? 0))) return;
  step.state.lastPushed = revision;
  step.count("pushes");
  step.actions.push({ do: "read-pushed" });
}

/** Redis has lost what this worker has: it comes back with its old revision. */
function restoreSoon(step: Step, tick: Tick): void {
  const { isRestorePlanned, isRestoring } = step.state;
  if (isRestoring || (isRestorePlanned && !tick.isHeld)) return;
  if (tick.isHeld) {
    restore(step, tick);
    return;
  }
  step.state.isRestorePlanned = true;
  const spreadMs = step.at.u * (MAX_RESTORE_MS - MIN_RESTORE_MS);
  step.set("restore", MIN_RESTORE_MS + spreadMs);
}

export function restore(step: Step, tick: Tick | null): void {
  const { content, revision } = step.at.held;
  step.cancel("restore");
  step.state.isRestorePlanned = false;
  // A later tick may have found it restored by another worker.
  const isLost = revision !== null && tick !== null && tick.revision < revision;
  if (content === null || !isLost) return;
  step.state.isRestoring = true;
  step.actions.push({ do: "restore" });
}

export function restored(step: Step): void {
  step.state.isRestoring = false;
  step.tickWithin(0);
  const { waitingPoll } = step.state;
  step.state.waitingPoll = null;
  if (waitingPoll !== null) step.actions.push({ do: "lead", lead: waitingPoll });
}

/** Tells the clients of a follower of the leader's failed polls, each once. */
export function reportFailure(step: Step, tick: Tick): void {
  const { failures, isHeld, outcome, overdueMs, revision } = tick;
  const { content, unusableRevision } = step.at.held;
  // What is stored comes first: a refused key must not end the wait of a client that is about to be ready.
  if (content === null && revision > 0 && revision !== unusableRevision) return;
  const isFailure = outcome !== "ok" && outcome !== "" && !isUnstored(outcome);
  const reported = isFailure ? `${outcome} ${failures}` : "";
  const isNew = reported !== step.state.reportedFailure;
  step.state.reportedFailure = reported;
  if (!isNew || !isFailure || isHeld) return;
  const inMs = Math.max(0, -(overdueMs ?? 0));
  const failure = failureOf(tick, inMs);
  step.actions.push({ do: "note-error", error: failure.error });
  step.actions.push({ do: "report-failure", failure, inMs });
}
