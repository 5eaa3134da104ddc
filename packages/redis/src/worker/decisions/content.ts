import { isOlderThan } from "../held.js";
import { failureOf } from "../polling/outcomes.js";
import { isUnstored, type Tick } from "../replies.js";
import type { Decision } from "./decision.js";

/** Followers wait this long, and only restore what the leader has not restored by then. */
const MIN_RESTORE_MS = 20;
const MAX_RESTORE_MS = 200;
/** A change that is older and was not announced by a message is counted as missed. */
const MISSED_AFTER_MS = 1_000;

// Compares the stored configuration with what the clients have.

/** Reads, confirms or restores. Returns whether the clients have the stored configuration. */
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
  // Another leader may have published the same bytes, which need no compile and no event.
  return confirm(decision, tick);
}

/**
 * Handles content that was fetched directly or loaded from disk. The origin may have gone back to the stored
 * configuration, so the younger of the two wins. Ages are durations.
 */
function compareWithDirect(decision: Decision, tick: Tick): boolean {
  const { held } = decision.at;
  if (tick.sha === held.content?.sha) return confirm(decision, tick);
  const storedAgeMs = tick.okAgeMs === null ? null : tick.okAgeMs + held.lastReplyMs;
  if (isOlderThan(held, storedAgeMs)) decision.actions.push({ do: "read" });
  // If the leader could not store its content, the next poll tries again.
  else if (!isUnstored(tick.outcome)) {
    if (decision.state.role === "leader") decision.wishPoll();
    else decision.actions.push({ do: "ask-leader" }); // repeated at the next tick
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

/** Restores what Redis has lost, with its old revision. */
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
  // Another worker may have restored it before a later tick.
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

/** Reports each failed poll of another worker to the clients once. */
export function reportFailure(decision: Decision, tick: Tick): void {
  const { failures, isHeld, outcome, overdueMs, revision, settledAgeMs } = tick;
  const { content, unusableRevision } = decision.at.held;
  // The stored configuration comes first: a refused key must not fail a client that is about to be ready.
  if (content === null && revision > 0 && revision !== unusableRevision) return;
  const isFailure = outcome !== "ok" && outcome !== "" && !isUnstored(outcome);
  const reported = isFailure ? `${outcome} ${failures}` : "";
  const isNew = reported !== decision.state.reportedFailure;
  decision.state.reportedFailure = reported;
  // A leader reports its own polls, but not the last one of a fleet that ended before it started.
  const isOwn = isHeld && (settledAgeMs === null || settledAgeMs <= decision.at.uptimeMs);
  if (!isNew || !isFailure || isOwn) return;
  const inMs = Math.max(0, -(overdueMs ?? 0));
  const failure = failureOf(tick, inMs);
  decision.actions.push({ do: "note-error", error: failure.error });
  decision.actions.push({ do: "report-failure", failure, inMs });
}
