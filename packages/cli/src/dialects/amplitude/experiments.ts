import { isJsonObject } from "../../evaluate/request.js";
import { type FindExperiments, listedExperiments } from "../../judge/experiment-names.js";
import { wireOf } from "./wire.js";

/**
 * Amplitude's experiments. An experiment is named by the `experimentKey` of a flag, its segments or its variants, and
 * otherwise by the flag's key.
 */
export const amplitudeExperiments: FindExperiments = listedExperiments(function* (configuration) {
  for (const flag of configuration.flagKeys) {
    const wire = wireOf(configuration, flag);
    const { segments, variants } = wire;
    const parts = [
      wire,
      ...(Array.isArray(segments) ? (segments as readonly unknown[]) : []),
      ...(isJsonObject(variants) ? Object.values(variants) : []),
    ];
    const keys = new Set(parts.flatMap(experimentKeyOf));
    if (keys.size === 0) keys.add(flag);
    for (const key of keys) yield [key, { flag, allocation: null, variations: [] }];
  }
});

function experimentKeyOf(part: unknown): string[] {
  const metadata = isJsonObject(part) ? part["metadata"] : null;
  const key = isJsonObject(metadata) ? metadata["experimentKey"] : null;
  return typeof key === "string" && key !== "" ? [key] : [];
}
