import type { Configuration } from "@sortition/core";
import type { Explainer } from "@sortition/core/dialect";
import { eppoExplainer } from "@sortition/core/eppo";
import type { ExperimentFlag, FindExperiments } from "../../judge/experiment-names.js";

/** Eppo's experiments. */
export const eppoExperiments: FindExperiments = experimentsByAllocation(eppoExplainer);

/**
 * Finds experiments whose names are `<flag>-<allocation>`. Both keys may contain dashes.
 *
 * @param isByFlag - whether the vendor's tables name them by the flag alone.
 */
export function experimentsByAllocation(explainer: Explainer, isByFlag = false): FindExperiments {
  return (configuration) => {
    const found = new Map<string, readonly ExperimentFlag[]>();
    return {
      flagsOf(experiment) {
        const known = found.get(experiment);
        if (known !== undefined) return known;
        const own = flagsOf(experiment, configuration, explainer);
        const isFlag = isByFlag && own.length === 0 && configuration.flag(experiment) !== null;
        const flags = isFlag ? [{ flag: experiment, allocation: null, variations: [] }] : own;
        // Unknown names are not cached, because there may be any number of them.
        if (flags.length > 0) found.set(experiment, flags);
        return flags;
      },
      get names() {
        return [...(isByFlag ? configuration.flagKeys : []), ...namesIn(configuration, explainer)];
      },
    };
  };
}

/** Tries each prefix of the name, because a payload with hashed flag keys has no list of names. */
function flagsOf(
  experiment: string,
  configuration: Configuration,
  explainer: Explainer,
): readonly ExperimentFlag[] {
  const flags: ExperimentFlag[] = [];
  for (let dash = experiment.indexOf("-"); dash !== -1; dash = experiment.indexOf("-", dash + 1)) {
    const [flag, allocation] = [experiment.slice(0, dash), experiment.slice(dash + 1)];
    const key = explainer.payloadKey(configuration, flag);
    if (key === null) continue;
    const { allocations } = explainer.describe(configuration, key);
    if (allocations.some((it) => it.key === allocation)) {
      flags.push({ flag, allocation, variations: [] });
    }
  }
  return flags;
}

function* namesIn(configuration: Configuration, explainer: Explainer): Generator<string, void> {
  for (const key of configuration.flagKeys) {
    const { allocations, isHashed } = explainer.describe(configuration, key);
    if (isHashed) return;
    for (const allocation of allocations) yield `${key}-${allocation.key}`;
  }
}
