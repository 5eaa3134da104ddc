/** A flag, as one of its experiments names it. */
export interface ExperimentFlag {
  readonly flag: string;
  /** The allocation that runs the experiment; `null`: the name does not tell. */
  readonly allocation: string | null;
  /** The variations by the index that events can have in place of their keys; empty: they have no index. */
  readonly variations: readonly string[];
}

/** Finds the flags that run an experiment, by the name that its events have. */
export interface ExperimentNames {
  /** Several flags, or several allocations of one, may run experiments of the same name. */
  flagsOf(experiment: string): readonly ExperimentFlag[];
  /** Names of the experiments; not those of a configuration with hashed keys. */
  readonly names: Iterable<string>;
}

/** Names of experiments that are listed when the first one is searched. */
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
      const known = byName.get(experiment);
      if (known === undefined) byName.set(experiment, [flag]);
      else known.push(flag);
    }
    this.#byName = byName;
    return byName;
  }
}

/** The key of a variation that an event names by its key or by its index. */
export function variationKey(named: string, { variations }: ExperimentFlag): string {
  if (variations.includes(named) || !/^\d+$/.test(named)) return named;
  return variations[Number(named)] ?? named;
}
