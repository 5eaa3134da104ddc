import { delayMs } from "../delays.js";
import { WANT, type Want } from "../protocol.js";
import type { Decided, DecisionInput } from "./transition.js";

/** What the next tick requests. */
export function wantOf(state: Decided, { held, nowMs, poll }: DecisionInput): Want {
  if (poll === "leader") return WANT.renewClaim;
  if (poll === "direct" || nowMs < state.heldOffUntilMs) return WANT.nothing;
  return state.isPollWished || held.mustRepair ? WANT.pollNow : WANT.pollIfDue;
}

/** Whether this worker may take the lease. If a caller wants a poll, this worker does not wait for others. */
export function isEligible(state: Decided, { nowMs, settings }: DecisionInput): boolean {
  return settings.isEligible && (nowMs >= state.declinedUntilMs || state.isPollWished);
}

/** Whether this process polls directly or cannot use Redis. */
export function isDirect({ directReason, outageSinceMs }: Decided): boolean {
  return outageSinceMs !== null || directReason !== null;
}

/**
 * Whether the fleet has missed two polls although the last one succeeded: it was stopped. Clients wait for its first
 * poll.
 */
function isOldCopy({ held, settings }: DecisionInput): boolean {
  const isAged = held.ageMs !== null && held.ageMs > 2 * settings.pollIntervalMs;
  return isAged && held.lastTick?.outcome === "ok";
}

/** Returns the delay until the next tick. */
export function tickDelayMs(state: Decided, at: DecisionInput): number {
  const { held, nowMs, poll, settings, draw, uptimeMs } = at;
  const isOut = state.outageSinceMs !== null;
  const usualMs = delayMs(settings, {
    tick: isOut ? null : held.lastTick,
    isLeader: state.role === "leader",
    isPolling: poll === "leader",
    hasContent: held.content !== null && !isOldCopy(at),
    uptimeMs,
    draw,
  });
  const heldOffMs = state.heldOffUntilMs - nowMs;
  return heldOffMs > 0 && !isOut ? Math.min(usualMs, heldOffMs) : usualMs;
}
