import { type FlagDescription, windowStateAt } from "@sortition/core/dialect";
import { trafficReport, windowReport } from "../text/report-parts.js";
import type { Inspection } from "./inspection.js";

/** What `--json` prints. */
export function inspectionReport(inspection: Inspection): object {
  const { bandits, configuration, extras, flags, issues, nowMs } = inspection;
  const { environment, publishedAtMs } = configuration;
  return {
    dialect: configuration.dialect.name,
    ...extras.fields,
    environment,
    publishedAt: publishedAtMs === null ? null : new Date(publishedAtMs).toISOString(),
    revision: configuration.revision,
    now: new Date(nowMs).toISOString(),
    flags: flags.map((flag) => flagReport(flag, nowMs)),
    bandits,
    issues,
  };
}

function flagReport({ allocations, ...flag }: FlagDescription, nowMs: number): object {
  return {
    ...flag,
    allocations: allocations.map(({ traffic, window, ...allocation }) => ({
      ...allocation,
      window: windowReport(window),
      state: windowStateAt(window, nowMs),
      traffic: trafficReport(traffic),
    })),
  };
}
