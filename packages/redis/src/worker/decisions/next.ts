import type { Tick } from "../replies.js";
import { compare, pushed, reportFailure, restore, restored } from "./content.js";
import { reviewDamage, verified } from "./damage.js";
import { Decision } from "./decision.js";
import { directPolled, directReason, isForeign, setDirect } from "./direct.js";
import { hold, lose, stepDown } from "./lease.js";
import { isMissing, planOmitted, reviewOmitted } from "./omitted.js";
import {
  beginOutage,
  disconnected,
  endOutage,
  isFull,
  isUnread,
  noteUsable,
  tickFailed,
} from "./outage.js";
import { polled, pollLater, startPoll } from "./polls.js";
import type {
  Action,
  Decided,
  DecisionInput,
  Handlers,
  TimerName,
  WorkerEvent,
} from "./transition.js";

/** After a lease is released, the other workers tick within this time. */
const RELEASED_MS = 50;

/** The state after an event, and the actions to perform, in order. */
export interface Next {
  readonly state: Decided;
  readonly actions: readonly Action[];
}

/**
 * Decides how one worker reacts to an event. It is a pure function, which reads no clock and draws no random
 * numbers. Each concern has its functions in `steps`.
 *
 * @see docs/spec/redis.md §3
 */
export function next(state: Decided, event: WorkerEvent, at: DecisionInput): Next {
  if (state.role === "stopped") return { state, actions: [] };
  const decision = new Decision(state, at);
  take(decision, event);
  return { state: decision.state, actions: decision.actions };
}

function take(decision: Decision, event: WorkerEvent): void {
  const handlers: Handlers<WorkerEvent, "kind"> = {
    started: () => beginOutage(decision),
    ticked: ({ isPlain, tick }) => ticked(decision, tick, isPlain),
    "tick-failed": ({ error }) => tickFailed(decision, error),
    disconnected: ({ error }) => disconnected(decision, error),
    message: ({ text }) => heard(decision, text),
    time: ({ timer }) => timeIsUp(decision, timer),
    wished: () => decision.wishPoll(),
    unwished: () => {
      decision.state.isPollWished = false;
    },
    read: () => noteUsable(decision, "reads"),
    applied: () => {
      reviewOmitted(decision);
      decision.tickWithin(0);
    },
    unreadable: () => decision.tickWithin(0),
    polled: ({ end }) => polled(decision, end),
    "direct-poll-begun": () => {
      decision.cancel("direct");
      decision.state.lastDirectAtMs = decision.at.nowMs;
    },
    "direct-polled": ({ failure }) => directPolled(decision, failure),
    "omitted-taken": () => {
      // The origin may be ahead of the fleet, so try again after an interval or at the next revision.
      if (isMissing(decision)) planOmitted(decision, decision.at.settings.pollIntervalMs);
    },
    restored: () => restored(decision),
    released: ({ wasHeld }) => {
      if (wasHeld && decision.state.role === "leader") stepDown(decision, "follower");
    },
    verified: ({ isGood }) => verified(decision, isGood),
    stopped: () => stop(decision),
  };
  // Each handler accepts the events of its own kind.
  (handlers[event.kind] as (event: WorkerEvent) => void)(event);
}

function ticked(decision: Decision, tick: Tick, isPlain: boolean): void {
  const wasOut = decision.state.unusable?.cause === "outage";
  endOutage(decision);
  noteUsable(decision, "outage");
  decision.state.isPlain = isPlain;
  decision.actions.push({ do: "note-tick", tick });
  decision.say("debug", "tick", { revision: tick.revision, isLeader: tick.isHeld });
  if (isForeign(decision, tick)) return;
  if (tick.isHeld) hold(decision, tick.n);
  else lose(decision);
  const isConfirmed = compare(decision, tick);
  reportFailure(decision, tick);
  // Reads that failed in an outage say nothing about reads after it.
  const unread = isUnread(decision, tick, isConfirmed || wasOut);
  const full = isFull(decision, tick);
  if (!unread && !full) setDirect(decision, directReason(decision, tick));
  const isFollower = !unread && !full && decision.state.directReason === null;
  if (!tick.isHeld) stepDown(decision, isFollower ? "follower" : "direct");
  if (tick.mustPoll) startPoll(decision, tick);
  else if (tick.isHeld && decision.state.isPollWished) pollLater(decision, tick);
  if (tick.isHeld) reviewDamage(decision, tick);
}

function heard(decision: Decision, text: string): void {
  const [kind, value] = text.split(" ");
  const isLeader = decision.state.role === "leader";
  if (kind === "c") pushed(decision, Number(value));
  else if (kind === "l") decision.tickWithin(decision.at.draw * RELEASED_MS);
  else if (kind === "r" && isLeader) decision.wishPoll();
  else if (kind === "x" && isLeader) {
    decision.state.isDamageHinted = true;
    decision.tickWithin(0); // the tick returns the corresponding report
  }
}

function timeIsUp(decision: Decision, timer: TimerName): void {
  if (timer === "restore") restore(decision, decision.at.held.lastTick);
  else if (timer === "direct") decision.actions.push({ do: "poll-directly" });
  else if (timer === "omitted") {
    decision.state.isOmittedPlanned = false;
    decision.actions.push({ do: "take-omitted" });
  } else {
    if (timer === "outage") decision.state.isOutageLong = true;
    decision.tickWithin(0);
  }
}

function stop(decision: Decision): void {
  stepDown(decision, "stopped");
  for (const timer of ["outage", "wish", "direct", "restore", "omitted"] as const) {
    decision.cancel(timer);
  }
}
