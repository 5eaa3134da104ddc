import type {
  AllocationDescription,
  FlagDescription,
  TrafficShares,
  WindowDescription,
} from "./description.js";
import type { ExplainedAllocation } from "./explanation.js";
import { windowStateAt } from "./window-state.js";

/** Returns a flag as plain JSON, with times in ISO 8601, shares as an object, and the state of each window. */
export function flagReport({ allocations, ...flag }: FlagDescription, nowMs: number): object {
  return {
    ...flag,
    allocations: allocations.map((it) => reportOf(it, { state: windowStateAt(it.window, nowMs) })),
  };
}

/** Returns the tests of an allocation as plain JSON. */
export function allocationReport(allocation: ExplainedAllocation): object {
  return reportOf(allocation);
}

function reportOf(allocation: AllocationDescription, state: object = {}): object {
  const { participants, traffic, unit, window, ...rest } = allocation;
  return {
    ...rest,
    window: windowReport(window),
    ...state,
    unit: unit?.name ?? null,
    traffic: trafficReport(traffic),
    participants: participants && Object.fromEntries(participants),
  };
}

function windowReport(window: WindowDescription | null): object | null {
  if (window === null) return null;
  const iso = (ms: number | null): string | null =>
    ms === null ? null : new Date(ms).toISOString();
  return { startAt: iso(window.startAtMs), endAt: iso(window.endAtMs) };
}

function trafficReport(traffic: TrafficShares | null): object | null {
  if (traffic === null) return null;
  return {
    byVariation: Object.fromEntries(traffic.byVariation),
    unassigned: traffic.unassigned,
  };
}
