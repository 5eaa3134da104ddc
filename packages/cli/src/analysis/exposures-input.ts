import type { EventsOptions } from "../events/event-options.js";
import type { AnalysisInput } from "./run.js";

/**
 * The events of the command line as an input.
 *
 * @param missing - what events without anything to judge lack, e.g. `no exposure`.
 */
export function exposuresOf(
  { eventsName, eventsPaths, flags, reading, separator }: EventsOptions,
  missing: string,
): AnalysisInput {
  const { map, skipped } = reading;
  const input = { kind: "Exposures", name: eventsName, paths: eventsPaths } as const;
  return { ...input, separator, map, missing, skipped, flags };
}
