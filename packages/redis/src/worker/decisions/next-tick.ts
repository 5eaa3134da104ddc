import { WANT, type Want } from "../protocol.js";
import type { Tick } from "../replies.js";
import type { Decided, DecisionInput } from "./transition.js";

/** Jitter of followers' ticks, as a share of the interval. */
const SPREAD = 0.2;
const MIN_AFTER_LEASE_MS = 2;
const MAX_AFTER_LEASE_MS = 500;
/** Tick intervals of a worker without a current configuration, at first and later. */
const BOOT_MS = 100;
const SLOW_BOOT_MS = 1_000;
const BOOT_FOR_MS = 10_000;

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
  if (state.outageSinceMs !== null) return followerDelayMs(at, null);
  const { held, nowMs } = at;
  const { lastTick } = held;
  const isLeader = lastTick !== null && state.role === "leader";
  const usualMs = isLeader ? leaderDelayMs(at, lastTick) : followerDelayMs(at, lastTick);
  const heldOffMs = state.heldOffUntilMs - nowMs;
  return heldOffMs > 0 ? Math.min(usualMs, heldOffMs) : usualMs;
}

function leaderDelayMs({ poll, settings }: DecisionInput, { gateMs }: Tick): number {
  const renewMs = settings.leaseMs / 3;
  // An open gate belongs to a running poll, or to a poll that Redis does not pace. Redis returns 0 for a gate
  // that opens within the millisecond.
  const isGated = poll !== "leader" && gateMs >= 0;
  return isGated ? Math.min(renewMs, gateMs + 1) : renewMs;
}

/** @param tick - `null` if Redis did not respond. */
function followerDelayMs(at: DecisionInput, tick: Tick | null): number {
  const { draw, held, settings, uptimeMs } = at;
  const bootMs = uptimeMs < BOOT_FOR_MS ? BOOT_MS : SLOW_BOOT_MS;
  const pauseMs = settings.tickMs * (1 + SPREAD * (2 * draw - 1));
  const hasContent = held.content !== null && !isOldCopy(at);
  const usualMs = hasContent ? pauseMs : Math.min(bootMs, pauseMs);
  if (tick === null || tick.leaseMs < 0) return usualMs;
  // Soon after the lease expires, but not all workers at once.
  const maxAfterMs = Math.min(MAX_AFTER_LEASE_MS, settings.leaseMs / 3);
  const afterMs = MIN_AFTER_LEASE_MS + draw * Math.max(0, maxAfterMs - MIN_AFTER_LEASE_MS);
  return Math.min(usualMs, tick.leaseMs + afterMs);
}
