import type { Facts } from "@sortition/core/internal";
import { RedisError } from "../../errors/redis-error.js";
import { backoffMs } from "../polling/outcomes.js";
import type { Tick } from "../replies.js";
import type { Decision } from "./decision.js";
import { decline, lose, stepDown } from "./lease.js";
import type { DirectReason, WorkerEvent } from "./transition.js";

/** Maximum jitter added to each pause between direct polls, as a share of the interval. */
const DIRECT_SPREAD = 0.1;
/** Maximum jitter of the first direct poll of a process without a configuration. */
const MAX_EMPTY_SPREAD_MS = 500;
/**
 * Maximum jitter of the first direct poll, as a share of the interval, when the leader could not store its content. With
 * half an interval, workers still receive a change within two intervals, including the wait for the leader's poll and a tick.
 */
const UNSTORED_SPREAD = 0.5;

// Direct polls: while the fleet cannot serve this process, it polls the vendor itself, at most once per interval.

/** Whether the namespace belongs to another origin. If so, nothing is read or written. */
export function isForeign(decision: Decision, { scope }: Tick): boolean {
  const { nowMs, settings, scope: own } = decision.at;
  const isOther = scope !== "" && scope !== own;
  // If Redis loses the configuration, its owner has this much time to restore it.
  if (isOther) decline(decision, 2);
  const isLost =
    scope === "" && decision.state.hasConflict && nowMs < decision.state.declinedUntilMs;
  const isForeign = isOther || isLost;
  if (isForeign && !decision.state.hasConflict) {
    const code = "SORTITION_REDIS_NAMESPACE_CONFLICT";
    const message = "the namespace contains the configuration of another origin";
    decision.actions.push({ do: "note-error", error: new RedisError(code, message) });
    const { name: namespace } = settings.namespace;
    decision.say("error", "namespace belongs to another source", { code, namespace });
  }
  decision.state.hasConflict = isForeign;
  if (!isForeign) return false;
  lose(decision);
  stepDown(decision, "direct");
  setDirect(decision, "namespace-conflict");
  return true;
}

/** Starts direct polls, continues them for another reason, or stops them (`null`). */
export function setDirect(decision: Decision, reason: DirectReason | null): void {
  const former = decision.state.directReason;
  decision.state.directReason = reason;
  if (reason === null) {
    decision.cancel("direct");
    decision.state.directFailures = 0;
  } else if (former === null) {
    decision.set("direct", firstDirectMs(decision, reason));
  }
}

/** Adds jitter to the first poll, because all workers notice the problem at once. Workers without a configuration wait less. */
function firstDirectMs(decision: Decision, reason: DirectReason): number {
  const { nowMs, settings, draw } = decision.at;
  const { pollIntervalMs } = settings;
  const { lastDirectAtMs } = decision.state;
  const restMs =
    lastDirectAtMs === null ? 0 : Math.max(0, pollIntervalMs - (nowMs - lastDirectAtMs));
  const share = reason === "out-of-memory" ? UNSTORED_SPREAD : 1;
  const spreadMs = decision.hasAge
    ? share * pollIntervalMs
    : Math.min(MAX_EMPTY_SPREAD_MS, pollIntervalMs);
  return Math.max(restMs, draw * spreadMs);
}

export function directPolled(
  decision: Decision,
  failure: Extract<WorkerEvent, { kind: "direct-polled" }>["failure"],
): void {
  const { settings, draw } = decision.at;
  const { pollIntervalMs } = settings;
  const { state } = decision;
  state.directFailures = failure === null ? 0 : state.directFailures + 1;
  const pauseMs =
    failure === null
      ? pollIntervalMs
      : backoffMs(pollIntervalMs, state.directFailures - 1, failure.retryAfterMs);
  const inMs = Math.round(pauseMs * (1 + DIRECT_SPREAD * draw));
  if (failure !== null) decision.actions.push({ do: "report-failure", failure, inMs });
  if (state.directReason === null) return;
  decision.set("direct", inMs);
  if (failure === null) decision.actions.push({ do: "report-schedule", inMs });
}

/** Why this process must poll directly although Redis responds. `null`: the fleet serves it. */
export function directReason(decision: Decision, tick: Tick): DirectReason | null {
  const reason = reasonOf(decision, tick);
  const isOverdue = reason === "overdue";
  if (isOverdue && !decision.state.isOverdueReported) {
    const { overdueMs } = tick;
    decision.say("warn", "no worker completes polls, polling directly", { overdueMs });
  }
  decision.state.isOverdueReported = isOverdue;
  // The server may be a former primary, which still serves its old data.
  if (isOverdue) decision.actions.push({ do: "leave" });
  return reason;
}

function reasonOf(decision: Decision, tick: Tick): DirectReason | null {
  const { held, settings } = decision.at;
  const { isHeld, outcome, overdueMs } = tick;
  const hasNoLeader = isLeaderless(decision, tick);
  if (isHeld) return null;
  if (hasNoLeader && (held.content === null || overdueMs === null)) return "no-eligible-worker";
  if (outcome === "too-large") return "too-large";
  if (held.content === null) return held.unusableRevision === null ? null : "payload-unusable";
  // The age of the configuration does not matter here, because during a shared backoff every configuration
  // is old. Only poll if no worker polls.
  return overdueMs !== null && overdueMs > settings.overdueAfterMs ? "overdue" : null;
}

/** Whether the lease has been free for a while. */
function isLeaderless(decision: Decision, { isHeld, leader }: Tick): boolean {
  const { nowMs, settings } = decision.at;
  const { state } = decision;
  if (isHeld || leader !== "") {
    state.leaderlessSinceMs = null;
    state.isLeaderlessReported = false;
    return false;
  }
  const sinceMs = state.leaderlessSinceMs ?? nowMs;
  state.leaderlessSinceMs = sinceMs;
  const isLong = nowMs - sinceMs >= Math.max(settings.leaseMs, decision.directAfterMs);
  if (isLong && !state.isLeaderlessReported) {
    state.isLeaderlessReported = true;
    const namespace = settings.namespace.name;
    const advice = settings.isEligible
      ? ""
      : ": start a process that may poll, without eligible: false";
    decision.say("warn", `no eligible worker${advice}`, {
      namespace,
      ...refusal(decision, sinceMs),
    });
  }
  return isLong;
}

/** The error that Redis returned to this worker since the leader was lost, or shortly before. It may affect all workers. */
function refusal(decision: Decision, leaderlessSinceMs: number): Facts {
  const { epochMs, held, nowMs, settings } = decision.at;
  const sinceMs = epochMs - (nowMs - leaderlessSinceMs) - settings.leaseMs;
  const { lastError } = held;
  if (lastError === null || lastError.atMs < sinceMs) return {};
  return { code: lastError.code, reason: lastError.message };
}
