import type { ExposureContext, ExposurePipeline } from "@sortition/core/internal";
import { detailsOf } from "../../dialect/trace.js";
import type { Tracked } from "../../events/canonical.js";

/** Logs an event for each flag that an evaluation's user is exposed to. Never throws. */
export function logExposures(
  pipeline: ExposurePipeline,
  { results, timestampMs, user }: Tracked,
): void {
  const key = String(user.user_id ?? user.device_id ?? "");
  if (key === "") return;
  const { user_id: _, user_properties: properties, ...fields } = user;
  const attributes = { ...fields, ...properties } as Record<string, never>; // logged unchanged
  const call = { subject: { key, attributes }, configuration: {}, nowMs: () => timestampMs };
  for (const [flagKey, outcome] of results) {
    const { exposure } = outcome;
    if (exposure === null) continue;
    const context: ExposureContext = { ...call, flagKey };
    pipeline.record(exposure, context, detailsOf(outcome));
  }
}
