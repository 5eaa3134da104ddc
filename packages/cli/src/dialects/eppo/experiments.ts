import type { Configuration } from "@sortition/core";
import { eppoExplainer } from "@sortition/core/eppo";
import type { ExperimentFlag, ExperimentNames } from "../../judge/experiment-names.js";

/** Eppo's experiments. Their names are `<flag>-<allocation>`, and both keys may contain dashes. */
export function eppoExperiments(configuration: Configuration): ExperimentNames {
  const found = new Map<string, readonly ExperimentFlag[]>();
  return {
    flagsOf(experiment) {
      const known = found.get(experiment);
      if (known !== undefined) return known;
      const flags = flagsOf(experiment, configuration);
      // Unknown names are not cached, because there may be any number of them.
      if (flags.length > 0) found.set(experiment, flags);
      return flags;
    },
    get names() {
      return namesIn(configuration);
    },
  };
}

/** Tries each prefix of the name, because a payload with hashed flag keys has no list of names. */
function flagsOf(experiment: string, configuration: Configuration): readonly ExperimentFlag[] {
  const flags: ExperimentFlag[] = [];
  for (let dash = experiment.indexOf("-"); dash !== -1; dash = experiment.indexOf("-", dash + 1)) {
    const [flag, allocation] = [experiment.slice(0, dash), experiment.slice(dash + 1)];
    const key = eppoExplainer.payloadKey(configuration, flag);
    if (key === null) continue;
    const { allocations } = eppoExplainer.describe(configuration, key);
    if (allocations.some((it) => it.key === allocation)) {
      flags.push({ flag, allocation, variations: [] });
    }
  }
  return flags;
}

function* namesIn(configuration: Configuration): Generator<string, void> {
  for (const key of configuration.flagKeys) {
    const { allocations, isHashed } = eppoExplainer.describe(configuration, key);
    if (isHashed) return;
    for (const allocation of allocations) yield `${key}-${allocation.key}`;
  }
}
