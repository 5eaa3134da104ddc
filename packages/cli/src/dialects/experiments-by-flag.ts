import type { Configuration } from "@sortition/core";
import type { Explainer } from "@sortition/core/dialect";
import type { ExperimentNames } from "../judge/experiment-names.js";
import { experimentsByAllocation } from "./eppo/experiments.js";

/** Finds experiments that the vendor's tables name by their flag, and our events by `<flag>-<allocation>`. */
export function experimentsByFlag(
  explainer: Explainer,
): (configuration: Configuration) => ExperimentNames {
  const byAllocation = experimentsByAllocation(explainer);
  return (configuration) => {
    const own = byAllocation(configuration);
    return {
      flagsOf(experiment) {
        const flags = own.flagsOf(experiment);
        if (flags.length > 0 || configuration.flag(experiment) === null) return flags;
        return [{ flag: experiment, allocation: null, variations: [] }];
      },
      get names() {
        return [...configuration.flagKeys, ...own.names];
      },
    };
  };
}
