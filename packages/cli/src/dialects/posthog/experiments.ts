import type { Configuration } from "@sortition/core";
import type { ExperimentNames } from "../../judge/experiment-names.js";

/** PostHog's experiments have the key of their flag. */
export function posthogExperiments(configuration: Configuration): ExperimentNames {
  const { flagKeys } = configuration;
  return {
    names: flagKeys,
    flagsOf: (flag) => (flagKeys.has(flag) ? [{ flag, allocation: null, variations: [] }] : []),
  };
}
