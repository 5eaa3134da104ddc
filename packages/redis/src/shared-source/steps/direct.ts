import type { Facts } from "@sortition/core/internal";
import { RedisError } from "../../errors/redis-error.js";
import type { DirectReason, WorkerEvent } from "../decisions.js";
import { backoffMs } from "../polling/outcomes.js";
import type { Tick } from "../replies.js";
import { decline, lose, stepDown } from "./lease.js";
import type { Step } from "./step.js";

/** Direct polls are an interval apart, and at most this share of it more. */
const DIRECT_SPREAD = 0.1;
/** The first direct poll of a process without a configuration is spread by at most this time. */
const MAX_EMPTY_SPREAD_MS = 500;
/**
 * The first direct poll after the leader could not store what it has is spread by this share of an interval: with the time
 * until the leader's poll, and a tick, a change arrives within two intervals.
 */
const UNSTORED_SPREAD = 0.5;

// Polls of this process alone, at most one per interval, while the fleet cannot serve it.

/** Whether the namespace belongs to another origin. Then nothing is read or written. */
export function isForeign(step: Step, { scope }: Tick): boolean {
  const { nowMs, settings, scope: own } = step.at;
  const isOther = scope !== "" && scope !== own;
  // If Redis has lost it, its owner has this time to put it back.
  if (isOther) decline(step, 2);
  const isLost = scope === "" && step.state.hasConflict && nowMs < step.state.declinedUntilMs;
  const isForeign = isOther || isLost;
  if (isForeign && !step.state.hasConflict) {
    const code = "SORTITION_REDIS_NAMESPACE_CONFLICT";
    const message = "the namespace holds the configuration of another origin";
    step.actions.push({ do: "note-error", error: new RedisError(code, message) });
    const { name: namespace } = settings.namespace;
    step.say("error", "namespace belongs to another source", { code, namespace });
  }
  step.state.hasConflict = isForeign;
  if (!isForeign) return false;
  lose(step);
  stepDown(step, "direct");
  setDirect(step, "namespace-conflict");
  return true;
}

/** Begins direct polls, continues them for another reason, or ends them (`null`). */
export function setDirect(step: Step, reason: DirectReason | null): void {
  const former = step.state.directReason;
  step.state.directReason = reason;
  if (reason === null) {
    step.cancel("direct");
    step.state.directFailures = 0;
  } else if (former === null) {
    step.set("direct", firstDirectMs(step, reason));
  }
}

/** All workers notice at the same moment, so their first polls are spread: less for a worker without a configuration. */
function firstDirectMs(step: Step, reason: DirectReason): number {
  const { nowMs, settings, u } = step.at;
  const { pollIntervalMs } = settings;
  const { lastDirectAtMs } = step.state;
  const restMs =
    lastDirectAtMs === null ? 0 : Math.max(0, pollIntervalMs - (nowMs - lastDirectAtMs));
  const share = reason === "out-of-memory" ? UNSTORED_SPREAD : 1;
  const spreadMs = step.hasAge
    ? share * pollIntervalMs
    : Math.min(MAX_EMPTY_SPREAD_MS, pollIntervalMs);
  return Math.max(restMs, u * spreadMs);
}

export function directPolled(
  step: Step,
  failure: Extract<WorkerEvent, { kind: "direct-polled" }>["failure"],
): void {
  const { settings, u } = step.at;
  const { pollIntervalMs } = settings;
  const { state } = step;
  state.directFailures = failure === null ? 0 : state.directFailures + 1;
  const pauseMs =
    failure === null
      ? pollIntervalMs
      : backoffMs(pollIntervalMs, state.directFailures - 1, failure.retryAfterMs);
  const inMs = Math.round(pauseMs * (1 + DIRECT_SPREAD * u));
  if (failure !== null) step.actions.push({ do: "report-failure", failure, inMs });
  if (state.directReason === null) return;
  step.set("direct", inMs);
  if (failure === null) step.actions.push({ do: "report-schedule", inMs });
}

/** Why this process has to poll by itself although Redis answers; `null` if the fleet serves it. */
export function directReason(step: Step, tick: Tick): DirectReason | null {
  const reason = reasonOf(step, tick);
  const isOverdue = reason === "overdue";
  if (isOverdue && !step.state.isOverdueReported) {
    const { overdueMs } = tick;
    step.say("warn", "nobody settles polls, polling directly", { overdueMs });
  }
  step.state.isOverdueReported = isOverdue;
  return reason;
}

function reasonOf(step: Step, tick: Tick): DirectReason | null {
  const { held, settings } = step.at;
  const { isHeld, outcome, overdueMs } = tick;
  const hasNoLeader = isLeaderless(step, tick);
  if (isHeld) return null;
  if (hasNoLeader && (held.content === null || overdueMs === null)) return "no-eligible-worker";
  if (outcome === "too-large") return "too-large";
  if (held.content === null) return held.unusableRevision === null ? null : "payload-unusable";
  // Not the age of the configuration counts, but whether a worker polls: the shared back-off makes every
  // configuration old.
  return overdueMs !== null && overdueMs > settings.overdueAfterMs ? "overdue" : null;
}

/** Whether the lease has been free for a while. */
function isLeaderless(step: Step, { isHeld, leader }: Tick): boolean {
  const { nowMs, settings } = step.at;
  const { state } = step;
  if (isHeld || leader !== "") {
    state.leaderlessSinceMs = null;
    state.isLeaderlessReported = false;
    return false;
  }
  const sinceMs = state.leaderlessSinceMs ?? nowMs;
  state.leaderlessSinceMs = sinceMs;
  const isLong = nowMs - sinceMs >= Math.max(settings.leaseMs, step.directAfterMs);
  if (isLong && !state.isLeaderlessReported) {
    state.isLeaderlessReported = true;
    const namespace = settings.namespace.name;
    step.say("warn", "no eligible worker", { namespace, ...refusal(step, sinceMs) });
  }
  return isLong;
}

/** What Redis refused this worker since no worker leads, or shortly before: every worker may fail for that reason. */
function refusal(step: Step, leaderlessSinceMs: number): Facts {
  const { epochMs, held, nowMs, settings } = step.at;
  const sinceMs = epochMs - (nowMs - leaderlessSinceMs) - settings.leaseMs;
  const { lastError } = held;
  if (lastError === null || lastError.atMs < sinceMs) return {};
  return { code: lastError.code, reason: lastError.message };
}
