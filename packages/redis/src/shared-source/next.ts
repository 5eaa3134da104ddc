import type { Action, Decided, Handlers, Moment, TimerName, WorkerEvent } from "./decisions.js";
import type { Tick } from "./replies.js";
import { compare, pushed, reportFailure, restore, restored } from "./steps/content.js";
import { reviewDamage, verified } from "./steps/damage.js";
import { directPolled, directReason, isForeign, setDirect } from "./steps/direct.js";
import { hold, lose, stepDown } from "./steps/lease.js";
import { isMissing, planOmitted, reviewOmitted } from "./steps/omitted.js";
import {
  beginOutage,
  disconnected,
  endOutage,
  isFull,
  isUnread,
  noteUsable,
  tickFailed,
} from "./steps/outage.js";
import { polled, pollLater, startPoll } from "./steps/polls.js";
import { Step } from "./steps/step.js";

/** After a lease was given back, the others tick within this time. */
const RELEASED_MS = 50;

/** The decided state after an event, and what is to be done, in this order. */
export interface Next {
  readonly state: Decided;
  readonly actions: readonly Action[];
}

/**
 * All decisions of one worker: what it does when something happens. Reads no clock, draws nothing and
 * changes nothing: equal arguments give equal results. Each concern has its functions in `steps`.
 *
 * @see docs/spec/redis.md §3
 */
export function next(state: Decided, event: WorkerEvent, at: Moment): Next {
  // After the end nothing is decided any more.
  if (state.role === "stopped") return { state, actions: [] };
  const step = new Step(state, at);
  take(step, event);
  return { state: step.state, actions: step.actions };
}

function take(step: Step, event: WorkerEvent): void {
  const handlers: Handlers<WorkerEvent, "kind"> = {
    started: () => beginOutage(step),
    ticked: ({ isPlain, tick }) => ticked(step, tick, isPlain),
    "tick-failed": ({ error }) => tickFailed(step, error),
    disconnected: ({ error }) => disconnected(step, error),
    message: ({ text }) => heard(step, text),
    time: ({ timer }) => timeIsUp(step, timer),
    wished: () => step.wishPoll(),
    unwished: () => {
      step.state.isPollWished = false;
    },
    read: () => noteUsable(step, "reads"),
    applied: () => {
      reviewOmitted(step);
      step.tickWithin(0);
    },
    unreadable: () => step.tickWithin(0),
    polled: ({ end }) => polled(step, end),
    "direct-poll-begun": () => {
      step.cancel("direct");
      step.state.lastDirectAtMs = step.at.nowMs;
    },
    "direct-polled": ({ failure }) => directPolled(step, failure),
    "omitted-taken": () => {
      // The origin may be further on than the fleet: once more after an interval, or at the next revision.
      if (isMissing(step)) planOmitted(step, step.at.settings.pollIntervalMs);
    },
    restored: () => restored(step),
    released: ({ wasHeld }) => {
      if (wasHeld && step.state.role === "leader") stepDown(step, "follower");
    },
    verified: ({ isGood }) => verified(step, isGood),
    stopped: () => stop(step),
  };
  // Each handler takes the events of its own kind.
  (handlers[event.kind] as (event: WorkerEvent) => void)(event);
}

function ticked(step: Step, tick: Tick, isPlain: boolean): void {
  endOutage(step);
  noteUsable(step, "outage");
  step.state.isPlain = isPlain;
  step.actions.push({ do: "note-tick", tick });
  step.say("debug", "tick", { revision: tick.revision, isLeader: tick.isHeld });
  if (isForeign(step, tick)) return;
  if (tick.isHeld) hold(step, tick.n);
  else lose(step);
  const isConfirmed = compare(step, tick);
  reportFailure(step, tick);
  const unread = isUnread(step, tick, isConfirmed);
  const full = isFull(step, tick);
  if (!unread && !full) setDirect(step, directReason(step, tick));
  const isFollower = !unread && !full && step.state.directReason === null;
  if (!tick.isHeld) stepDown(step, isFollower ? "follower" : "direct");
  if (tick.mustPoll) startPoll(step, tick);
  else if (tick.isHeld && step.state.isPollWished) pollLater(step, tick);
  if (tick.isHeld) reviewDamage(step, tick);
}

function heard(step: Step, text: string): void {
  const [kind, value] = text.split(" ");
  const isLeader = step.state.role === "leader";
  if (kind === "c") pushed(step, Number(value));
  else if (kind === "l") step.tickWithin(step.at.u * RELEASED_MS);
  else if (kind === "r" && isLeader) step.wishPoll();
  else if (kind === "x" && isLeader) {
    step.state.isDamageHinted = true;
    step.tickWithin(0); // the tick finds the report that belongs to it
  }
}

function timeIsUp(step: Step, timer: TimerName): void {
  if (timer === "restore") restore(step, step.at.held.lastTick);
  else if (timer === "direct") step.actions.push({ do: "poll-directly" });
  else if (timer === "omitted") {
    step.state.isOmittedPlanned = false;
    step.actions.push({ do: "take-omitted" });
  } else {
    if (timer === "outage") step.state.isOutageLong = true;
    step.tickWithin(0);
  }
}

function stop(step: Step): void {
  stepDown(step, "stopped");
  for (const timer of ["outage", "wish", "direct", "restore", "omitted"] as const) {
    step.cancel(timer);
  }
}
