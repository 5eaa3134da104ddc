import type { Settings } from "../settings.js";
import type { Tick } from "./replies.js";

/** Jitter of followers' ticks, as a share of the interval. */
const SPREAD = 0.2;
const MIN_AFTER_LEASE_MS = 2;
const MAX_AFTER_LEASE_MS = 500;
/** Tick intervals of a worker without a current configuration, at first and later. */
const BOOT_MS = 100;
const SLOW_BOOT_MS = 1_000;
const BOOT_FOR_MS = 10_000;

/** Inputs of {@link delayMs}. */
export interface DelayFacts {
  /** `null` if Redis did not respond. */
  readonly tick: Tick | null;
  readonly isLeader: boolean;
  /** Whether a poll for the fleet is running. */
  readonly isPolling: boolean;
  /** Whether the clients have a configuration that is not an old copy. */
  readonly hasContent: boolean;
  /** How long the worker has been running. */
  readonly uptimeMs: number;
  /** A random number in [0, 1). */
  readonly draw: number;
}

/** Returns the delay until the next tick. */
export function delayMs(settings: Settings, facts: DelayFacts): number {
  const { hasContent, isLeader, isPolling, draw, tick, uptimeMs } = facts;
  const renewMs = settings.leaseMs / 3;
  if (tick !== null && isLeader) {
    // An open gate belongs to a running poll, or to a poll that Redis does not pace. Redis returns 0 for a gate
    // that opens within the millisecond.
    const isGated = !isPolling && tick.gateMs >= 0;
    return isGated ? Math.min(renewMs, tick.gateMs + 1) : renewMs;
  }
  const bootMs = uptimeMs < BOOT_FOR_MS ? BOOT_MS : SLOW_BOOT_MS;
  const pauseMs = settings.tickMs * (1 + SPREAD * (2 * draw - 1));
  const usualMs = hasContent ? pauseMs : Math.min(bootMs, pauseMs);
  if (tick === null || tick.leaseMs < 0) return usualMs;
  // Soon after the lease expires, but not all workers at once.
  const maxAfterMs = Math.min(MAX_AFTER_LEASE_MS, renewMs);
  const afterMs = MIN_AFTER_LEASE_MS + draw * Math.max(0, maxAfterMs - MIN_AFTER_LEASE_MS);
  return Math.min(usualMs, tick.leaseMs + afterMs);
}
