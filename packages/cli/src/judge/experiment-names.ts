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

/** Looks up experiments in a list that is created on first use. */
export class ListedExperiments implements ExperimentNames {
  readonly #list: () => Iterable<readonly [experiment: string, flag: ExperimentFlag]>;
  #byName: Map<string, ExperimentFlag[]> | null = null;

  constructor(list: () => Iterable<readonly [experiment: string, flag: ExperimentFlag]>) {
    this.#list = list;
  }

  get names(): Iterable<string> {
    return this.#known.keys();
  }

  flagsOf(experiment: string): readonly ExperimentFlag[] {
    return this.#known.get(experiment) ?? [];
  }

  get #known(): ReadonlyMap<string, readonly ExperimentFlag[]> {
    if (this.#byName !== null) return this.#byName;
    const byName = new Map<string, ExperimentFlag[]>();
    for (const [experiment, flag] of this.#list()) {
      madeOnce(byName, experiment, () => []).push(flag);
    }
    this.#byName = byName;
    return byName;
  }
}
