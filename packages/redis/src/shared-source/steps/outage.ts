import { factsOf } from "../../error-facts.js";
import { outOfMemory, type RedisError } from "../../errors/redis-error.js";
import type { UnusableCause } from "../decisions.js";
import type { Tick } from "../replies.js";
import { setDirect } from "./direct.js";
import { lose, stepDown } from "./lease.js";
import { tickDelayMs } from "./next-tick.js";
import type { Step } from "./step.js";

// Times in which Redis is of no use.

export function tickFailed(step: Step, error: RedisError): void {
  const { nowMs, settings } = step.at;
  beginOutage(step);
  const { isOutageLong, outageSinceMs } = step.state;
  const outageMs = nowMs - (outageSinceMs ?? nowMs);
  // The lease has run out by then, and another worker may have it.
  if (isOutageLong || outageMs >= settings.leaseMs) lose(step);
  if (!isOutageLong) return;
  stepDown(step, "direct");
  doWithout(step, "outage", error, outageMs);
}

export function disconnected(step: Step, error: RedisError): void {
  step.actions.push({ do: "note-redis-error", error });
  beginOutage(step);
  // Until now nothing spoke against Redis.
  if (!step.state.hasFailed && !step.state.isOutageLong) step.set("outage", step.directAfterMs);
  step.state.hasFailed = true;
  step.tickWithin(tickDelayMs(step.state, step.at));
}

export function beginOutage(step: Step): void {
  if (step.state.outageSinceMs !== null) return;
  step.state.outageSinceMs = step.at.nowMs;
  step.set("outage", step.directAfterMs);
}

export function endOutage(step: Step): void {
  step.cancel("outage");
  step.state.outageSinceMs = null;
  step.state.isOutageLong = false;
}

/** Whether the configuration could not be read for a while, though Redis answers ticks: then it is of no use. */
export function isUnread(step: Step, { isHeld, revision }: Tick, isConfirmed: boolean): boolean {
  const { held, nowMs, readFailure } = step.at;
  if (isHeld || isConfirmed || revision <= (held.revision ?? 0)) {
    step.actions.push({ do: "forget-read-failure" });
    return false;
  }
  if (readFailure === null) return false;
  const failingMs = nowMs - readFailure.sinceMs;
  if (failingMs <= step.directAfterMs) return false;
  doWithout(step, "reads", readFailure.error, failingMs);
  return true;
}

/** Whether the leader has something newer that Redis could not store. Every worker says so. */
export function isFull(step: Step, { isHeld, outcome }: Tick): boolean {
  if (outcome !== "out-of-memory") {
    noteUsable(step, "memory");
    return false;
  }
  doWithout(step, "memory", outOfMemory(step.at.place), 0, isHeld);
  return !isHeld;
}

/** Redis has been of no use for a while: this process polls by itself, or holds what it has. The leader polls anyway. */
function doWithout(
  step: Step,
  cause: UnusableCause,
  error: RedisError,
  forMs: number,
  isHeld = false,
): void {
  const { nowMs, settings } = step.at;
  const holds = settings.whenRedisDown === "hold" && !isHeld;
  if (step.state.unusable?.cause !== cause) {
    step.state.unusable = { cause, sinceMs: nowMs - forMs };
    step.say("warn", `redis unusable, ${holds ? "holding" : "polling directly"}`, factsOf(error));
    step.actions.push({ do: "note-error", error });
  }
  const reason = cause === "memory" ? "out-of-memory" : "redis-unusable";
  setDirect(step, holds || isHeld ? null : reason);
}

export function noteUsable(step: Step, cause: UnusableCause): void {
  const { unusable } = step.state;
  if (unusable?.cause !== cause) return;
  step.state.unusable = null;
  const outageMs = Math.round(step.at.nowMs - unusable.sinceMs);
  step.say("warn", "redis reachable again", { outageMs });
}
