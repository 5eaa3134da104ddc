import type { Settings } from "../settings.js";
import type { Tick } from "./replies.js";

/** Share by which the ticks of followers are spread. */
const SPREAD = 0.2;
const MIN_AFTER_LEASE_MS = 2;
const MAX_AFTER_LEASE_MS = 500;
/** How often a worker without a configuration ticks, at first and later. */
const BOOT_MS = 100;
const SLOW_BOOT_MS = 1_000;
const BOOT_FOR_MS = 10_000;

/** Facts that the pause until the next tick depends on. */
export interface DelayFacts {
  /** `null` if Redis did not answer. */
  readonly tick: Tick | null;
  readonly isLeader: boolean;
  /** A poll for the fleet runs. */
  readonly isPolling: boolean;
  readonly hasContent: boolean;
  /** How long the worker has run. */
  readonly uptimeMs: number;
  /** One draw in [0, 1). */
  readonly draw: number;
}

/** Pause until the next tick. */
export function delayMs(settings: Settings, facts: DelayFacts): number {
  const { hasContent, isLeader, isPolling, draw, tick, uptimeMs } = facts;
  const renewMs = settings.leaseMs / 3;
  if (tick !== null && isLeader) {
    // A gate that is open belongs to a poll that runs, or to one that Redis does not pace. Redis says 0 for one
    // that opens within the millisecond.
    const isGated = !isPolling && tick.gateMs >= 0;
    return isGated ? Math.min(renewMs, tick.gateMs + 1) : renewMs;
  }
  const bootMs = uptimeMs < BOOT_FOR_MS ? BOOT_MS : SLOW_BOOT_MS;
  const pauseMs = settings.tickMs * (1 + SPREAD * (2 * draw - 1));
  const usualMs = hasContent ? pauseMs : Math.min(bootMs, pauseMs);
  if (tick === null || tick.leaseMs < 0) return usualMs;
  // Soon after the lease ends, but not all at the same moment.
  const maxAfterMs = Math.min(MAX_AFTER_LEASE_MS, renewMs);
  const afterMs = MIN_AFTER_LEASE_MS + draw * Math.max(0, maxAfterMs - MIN_AFTER_LEASE_MS);
  return Math.min(usualMs, tick.leaseMs + afterMs);
}
