import { flagReport } from "@sortition/core/dialect-internal";
import type { Inspection } from "./inspection.js";

/** The `--json` output. */
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
