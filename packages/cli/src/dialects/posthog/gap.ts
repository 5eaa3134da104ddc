import type { Configuration } from "@sortition/core";
import { isJsonObject } from "../../evaluate/request.js";
import type { FlagGap } from "../../judge/flag-judge.js";
import { readsOfAll } from "../../judge/flag-reads.js";
import { lackingCohort } from "../../judge/lacking-cohort.js";
import { definitionsIn, filtersIn, posthogReads } from "./reads.js";

const CONTINUITY = "the server decides flags with experience continuity";

/** Returns data of a flag or its dependencies that only PostHog's server has; `null` if there is none. */
export function posthogGap(flagKey: string, configuration: Configuration): FlagGap | null {
  const { cohorts, flags } = definitionsIn(configuration);
  for (const key of readsOfAll(flagKey, configuration, posthogReads).flags) {
    const flag = flags.get(key);
    if (flag === undefined) continue;
    // Whether continuity matters for a subject is found out by the evaluation.
    if (flag["ensure_experience_continuity"]) return { problem: CONTINUITY, completed: [] };
    const conditions = isJsonObject(flag["filters"]) ? flag["filters"]["groups"] : null;
    for (const { type, value } of filtersIn(conditions, cohorts)) {
      if (type !== "cohort" || Object.hasOwn(cohorts, String(value))) continue;
      return { problem: lackingCohort(String(value)), completed: [] };
    }
  }
  return null;
}
