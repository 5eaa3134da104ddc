import type { Configuration } from "@sortition/core";
import { madeOnce } from "../made-once.js";

/** A flag that runs an experiment. */
export interface ExperimentFlag {
  readonly flag: string;
  /** The allocation that runs the experiment; `null` if the name does not show it. */
  readonly allocation: string | null;
  /** Variation keys, for events that contain the index instead of the key. Empty if variations have no index. */
  readonly variations: readonly string[];
}

/** Finds the flags that run an experiment, by its name in events. */
export interface ExperimentNames {
  /** Several flags, or several allocations of a flag, may run experiments with the same name. */
  flagsOf(experiment: string): readonly ExperimentFlag[];
  /** Names of the experiments, except for those of a configuration with hashed keys. */
  readonly names: Iterable<string>;
}

/** Finds the experiments of a configuration. */
export type FindExperiments = (configuration: Configuration) => ExperimentNames;

/** Looks up experiments in a list that is created on first use. */
export function listedExperiments(
  list: (configuration: Configuration) => Iterable<readonly [experiment: string, ExperimentFlag]>,
): FindExperiments {
  return (configuration) => {
    let byName: Map<string, ExperimentFlag[]> | null = null;
    const known = (): ReadonlyMap<string, readonly ExperimentFlag[]> => {
      if (byName !== null) return byName;
      byName = new Map();
      for (const [experiment, flag] of list(configuration)) {
        madeOnce(byName, experiment, () => []).push(flag);
      }
      return byName;
    };
    return {
      get names() {
        return known().keys();
      },
      flagsOf: (experiment) => known().get(experiment) ?? [],
    };
  };
}
