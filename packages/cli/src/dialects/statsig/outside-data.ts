import type { Configuration } from "@sortition/core";
import { isStatsig } from "@sortition/statsig/dialect";
import type { OutsideData } from "../dialect.js";

/** Returns the ID lists, bandits and persisted assignments that a server of Statsig's uses and the payload does not contain. */
export function statsigOutsideData(configuration: Configuration): readonly OutsideData[] {
  if (!isStatsig(configuration)) return [];
  const reads = [...configuration.flagKeys].flatMap((key) => configuration.externalReadsOf(key));
  const namesOf = (wanted: string): readonly string[] => [
    ...new Set(reads.flatMap(({ kind, name }) => (kind === wanted ? [name] : []))),
  ];
  const all: readonly OutsideData[] = [
    { kind: "ID list", note: "", names: namesOf("ID list") },
    { kind: "bandit", note: "", names: namesOf("bandit") },
    {
      kind: "active experiment",
      note: " may have persisted assignments",
      names: configuration.activeExperiments,
    },
  ];
  return all.filter(({ names }) => names.length > 0);
}
