import { factsOf } from "../../error-facts.js";
import { outOfMemory, type RedisError } from "../../errors/redis-error.js";
import type { Tick } from "../replies.js";
import type { Decision } from "./decision.js";
import { setDirect } from "./direct.js";
import { lose, stepDown } from "./lease.js";
import { tickDelayMs } from "./next-tick.js";
import type { UnusableCause } from "./transition.js";

// Handles times when Redis is unusable.

export function tickFailed(decision: Decision, error: RedisError): void {
  const { nowMs, settings } = decision.at;
  beginOutage(decision);
  const { isOutageLong, outageSinceMs } = decision.state;
  const outageMs = nowMs - (outageSinceMs ?? nowMs);
  // By then the lease has expired, and another worker may have it.
  if (isOutageLong || outageMs >= settings.leaseMs) lose(decision);
  if (!isOutageLong) return;
  stepDown(decision, "direct");
  doWithout(decision, "outage", error, outageMs);
}

export function disconnected(decision: Decision, error: RedisError): void {
  decision.actions.push({ do: "note-redis-error", error });
  beginOutage(decision);
  // This is the first sign of a problem with Redis.
  if (!decision.state.hasFailed && !decision.state.isOutageLong)
    decision.set("outage", decision.directAfterMs);
  decision.state.hasFailed = true;
  decision.tickWithin(tickDelayMs(decision.state, decision.at));
}

export function beginOutage(decision: Decision): void {
  if (decision.state.outageSinceMs !== null) return;
  decision.state.outageSinceMs = decision.at.nowMs;
  decision.set("outage", decision.directAfterMs);
}

export function endOutage(decision: Decision): void {
  decision.cancel("outage");
  decision.state.outageSinceMs = null;
  decision.state.isOutageLong = false;
}

/** Whether Redis is unusable because the configuration could not be read for a while, although ticks succeed. */
export function isUnread(
  decision: Decision,
  { isHeld, revision }: Tick,
  isExpected: boolean,
): boolean {
  const { held, nowMs, readFailure } = decision.at;
  if (isHeld || isExpected || revision <= (held.revision ?? 0)) {
    decision.actions.push({ do: "forget-read-failure" });
    return false;
  }
  if (readFailure === null) return false;
  const failingMs = nowMs - readFailure.sinceMs;
  if (failingMs <= decision.directAfterMs) return false;
  doWithout(decision, "reads", readFailure.error, failingMs);
  return true;
}

/** Whether the leader has newer content that Redis could not store. Every worker reports it. */
export function isFull(decision: Decision, { isHeld, outcome }: Tick): boolean {
  if (outcome !== "out-of-memory") {
    noteUsable(decision, "memory");
    return false;
  }
  doWithout(decision, "memory", outOfMemory(decision.at.place), 0, isHeld);
  return !isHeld;
}

/** Redis has been unusable for a while, so this process polls directly or keeps what it has. The leader polls anyway. */
function doWithout(
  decision: Decision,
  cause: UnusableCause,
  error: RedisError,
  forMs: number,
  isHeld = false,
): void {
  const { nowMs, settings } = decision.at;
  const holds = settings.whenRedisDown === "hold" && !isHeld;
  if (decision.state.unusable?.cause !== cause) {
    decision.state.unusable = { cause, sinceMs: nowMs - forMs };
    decision.say(
      "warn",
      `redis unusable, ${holds ? "holding" : "polling directly"}`,
      factsOf(error),
    );
    decision.actions.push({ do: "note-error", error });
  }
  const reason = cause === "memory" ? "out-of-memory" : "redis-unusable";
  setDirect(decision, holds || isHeld ? null : reason);
}

export function noteUsable(decision: Decision, cause: UnusableCause): void {
  const { unusable } = decision.state;
  if (unusable?.cause !== cause) return;
  decision.state.unusable = null;
  const outageMs = Math.round(decision.at.nowMs - unusable.sinceMs);
  decision.say("warn", "redis reachable again", { outageMs });
}
