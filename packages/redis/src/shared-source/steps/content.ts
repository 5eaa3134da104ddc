import { isOlderThan } from "../held.js";
import { failureOf } from "../polling/outcomes.js";
import { isUnstored, type Tick } from "../replies.js";
import type { Decision } from "./decision.js";

/** Followers restore only what the leader has not restored by then. */
const MIN_RESTORE_MS = 20;
const MAX_RESTORE_MS = 200;
/** A change that is older, and of which there was no message, counts as missed. */
const MISSED_AFTER_MS = 1_000;

// What is stored, compared with what the clients have.

/** Reads, confirms or restores. Returns whether the clients have what is stored. */
export function compare(decision: Decision, tick: Tick): boolean {
  const { content, revision: own, unusableRevision } = decision.at.held;
  const { revision, sha } = tick;
  if (revision === unusableRevision) return false;
  if (content === null) {
    if (revision !== 0) decision.actions.push({ do: "read" });
    return false;
  }
  if (own === null) return revision !== 0 && compareWithDirect(decision, tick);
  if (revision < own) {
    if (!decision.state.isPlain) restoreSoon(decision, tick);
    return false;
  }
  if (revision > own && sha !== content.sha) {
    noteMissedPush(decision, tick);
    decision.actions.push({ do: "read" });
    return false;
  }
  // Another leader may have published the same bytes: no compile, no event.
  return confirm(decision, tick);
}

/**
 * The content was fetched directly, or is a copy from a disk. The origin may have gone back to what is stored, so the
 * younger of both counts, by durations.
 */
function compareWithDirect(decision: Decision, tick: Tick): boolean {
  const { held } = decision.at;
  if (tick.sha === held.content?.sha) return confirm(decision, tick);
  const storedAgeMs = tick.okAgeMs === null ? null : tick.okAgeMs + held.lastReplyMs;
  if (isOlderThan(held, storedAgeMs)) decision.actions.push({ do: "read" });
  // The fleet has it if the leader could not store it: the next poll tries again.
  else if (!isUnstored(tick.outcome)) {
    if (decision.state.role === "leader") decision.wishPoll();
    else decision.actions.push({ do: "ask-leader" }); // again at the next tick
  }
  return false;
}

function confirm(decision: Decision, tick: Tick): true {
  if (tick.okAgeMs !== null) decision.hasAge = true;
  decision.actions.push({ do: "confirm", tick });
  return true;
}

function noteMissedPush(decision: Decision, { revision, settledAgeMs }: Tick): void {
  const isLate = settledAgeMs !== null && settledAgeMs > MISSED_AFTER_MS;
  if (isLate && decision.state.lastPushed < revision && decision.at.isSubscribed) {
    decision.count("missedPushes");
  }
}

export function pushed(decision: Decision, revision: number): void {
  if (!(revision > (decision.at.held.revision ?? 0))) return;
  decision.state.lastPushed = revision;
  decision.count("pushes");
  decision.actions.push({ do: "read-pushed" });
}

/** Redis has lost what this worker has: it comes back with its old revision. */
function restoreSoon(decision: Decision, tick: Tick): void {
  const { isRestorePlanned, isRestoring } = decision.state;
  if (isRestoring || (isRestorePlanned && !tick.isHeld)) return;
  if (tick.isHeld) {
    restore(decision, tick);
    return;
  }
  decision.state.isRestorePlanned = true;
  const spreadMs = decision.at.draw * (MAX_RESTORE_MS - MIN_RESTORE_MS);
  decision.set("restore", MIN_RESTORE_MS + spreadMs);
}

export function restore(decision: Decision, tick: Tick | null): void {
  const { content, revision } = decision.at.held;
  decision.cancel("restore");
  decision.state.isRestorePlanned = false;
  // A later tick may have found it restored by another worker.
  const isLost = revision !== null && tick !== null && tick.revision < revision;
  if (content === null || !isLost) return;
  decision.state.isRestoring = true;
  decision.actions.push({ do: "restore" });
}

export function restored(decision: Decision): void {
  decision.state.isRestoring = false;
  decision.tickWithin(0);
  const { waitingPoll } = decision.state;
  decision.state.waitingPoll = null;
  if (waitingPoll !== null) decision.actions.push({ do: "lead", lead: waitingPoll });
}

/** Tells the clients of a follower of the leader's failed polls, each once. */
export function reportFailure(decision: Decision, tick: Tick): void {
  const { failures, isHeld, outcome, overdueMs, revision } = tick;
  const { content, unusableRevision } = decision.at.held;
  // What is stored comes first: a refused key must not end the wait of a client that is about to be ready.
  if (content === null && revision > 0 && revision !== unusableRevision) return;
  const isFailure = outcome !== "ok" && outcome !== "" && !isUnstored(outcome);
  const reported = isFailure ? `${outcome} ${failures}` : "";
  const isNew = reported !== decision.state.reportedFailure;
  decision.state.reportedFailure = reported;
  if (!isNew || !isFailure || isHeld) return;
  const inMs = Math.max(0, -(overdueMs ?? 0));
  const failure = failureOf(tick, inMs);
  decision.actions.push({ do: "note-error", error: failure.error });
  decision.actions.push({ do: "report-failure", failure, inMs });
}
