import type { TrafficShares, WindowDescription } from "@sortition/core/dialect";

/** Times as ISO 8601. */
export function windowReport(window: WindowDescription | null): object | null {
  if (window === null) return null;
  const iso = (ms: number | null): string | null =>
    ms === null ? null : new Date(ms).toISOString();
  return { startAt: iso(window.startAtMs), endAt: iso(window.endAtMs) };
}

/** Shares by variation, as an object. */
export function trafficReport(traffic: TrafficShares | null): object | null {
  if (traffic === null) return null;
  return {
    byVariation: Object.fromEntries(traffic.byVariation),
    unassigned: traffic.unassigned,
  };
}
