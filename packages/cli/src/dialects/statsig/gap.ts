import type { Configuration } from "@sortition/core";
import { isStatsig } from "@sortition/statsig/dialect";
import type { FlagGap } from "../../judge/flag-judge.js";

/** Returns what a flag or its dependencies read that is not in the payload; `null` if there is nothing. */
export function statsigGap(flagKey: string, configuration: Configuration): FlagGap | null {
  const reads = isStatsig(configuration) ? configuration.externalReadsOf(flagKey) : [];
  if (reads.length === 0) return null;
  const names = reads.map(({ kind, name }) => (kind === name ? kind : `${kind} ${name}`));
  // An evaluation detects whether they matter for a subject.
  return {
    problem: `the flag reads ${names.join(", ")}, and the file does not contain this`,
    completed: [],
  };
}
