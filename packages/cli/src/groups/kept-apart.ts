import { isNowhere, placeInBoth } from "../dialects/place.js";
import { areApart, type ExperimentPlaces } from "./experiments.js";

/** Flags that OLD keeps apart by a layer, namespace or mutual exclusion group, and NEW perhaps not. */
export interface KeptApart {
  /** What OLD divides, such as `namespace checkout of id`. */
  readonly layer: string;
  readonly pairs: readonly ApartPair[];
  /** Number of subjects that would be in both flags of any pair. */
  readonly both: number;
}

export interface ApartPair {
  /** The keys in OLD. */
  readonly flags: readonly [string, string];
  /** Number of subjects that would be in both. */
  readonly both: number;
}

/** The experiments of a flag, in OLD and in NEW. */
export interface FlagExperiments {
  readonly key: string;
  readonly old: readonly ExperimentPlaces[];
  readonly now: readonly ExperimentPlaces[];
}

/** Counts the subjects that would be in several flags of one layer. */
export class LayerCounts {
  readonly #pairs: readonly { readonly indexes: readonly [number, number]; both: number }[];
  readonly #flags: readonly FlagExperiments[];
  #both = 0;

  constructor(
    readonly layer: string,
    pairs: readonly (readonly [number, number])[],
    flags: readonly FlagExperiments[],
  ) {
    this.#pairs = pairs.map((indexes) => ({ indexes, both: 0 }));
    this.#flags = flags;
  }

  /** The indexes of its flags. */
  get indexes(): readonly number[] {
    return this.#pairs.flatMap(({ indexes }) => indexes);
  }

  /** @param isIn - whether the subject is in the experiments of the flag with an index. */
  add(isIn: (index: number) => boolean): void {
    let isInBoth = false;
    for (const pair of this.#pairs) {
      if (!pair.indexes.every(isIn)) continue;
      pair.both += 1;
      isInBoth = true;
    }
    this.#both += Number(isInBoth);
  }

  /** The pairs that subjects would be in, the largest first. */
  get counted(): KeptApart {
    const keyOf = (i: number): string => this.#flags[i]?.key ?? "";
    const pairs = this.#pairs
      .filter(({ both }) => both > 0)
      .sort((a, b) => b.both - a.both)
      .map(({ both, indexes: [i, j] }) => ({ flags: [keyOf(i), keyOf(j)] as const, both }));
    return { layer: this.layer, pairs, both: this.#both };
  }
}

/** Returns the layers with pairs that OLD keeps apart, and NEW perhaps not. Only flags that share a space are compared. */
export function layersIn(flags: readonly FlagExperiments[]): readonly LayerCounts[] {
  const spaces = flags.map(
    ({ old }) => new Set(old.flatMap((it) => it.alternatives.flatMap((one) => [...one.keys()]))),
  );
  const bySpace = new Map<string, number[]>();
  for (const [i, them] of spaces.entries()) {
    for (const space of them) bySpace.set(space, [...(bySpace.get(space) ?? []), i]);
  }
  const seen = new Set<string>();
  const pairs = new Map<string, [number, number][]>();
  for (const [shared, indexes] of bySpace) {
    for (const [n, i] of indexes.entries()) {
      for (const j of indexes.slice(n + 1)) {
        const [one, other] = [flags[i] as FlagExperiments, flags[j] as FlagExperiments]; // they are indexes
        const name = `${i} ${j}`;
        if (seen.has(name) || !areApart(one.old, other.old)) continue;
        seen.add(name);
        if (areApart(one.now, other.now)) continue;
        // Flags of several layers may also share a holdout, which does not keep them apart.
        const both = [...(spaces[i] ?? [])].filter((it) => spaces[j]?.has(it));
        const layer = both.find((it) => areApartBy(it, one.old, other.old)) ?? shared;
        pairs.set(layer, [...(pairs.get(layer) ?? []), [i, j]]);
      }
    }
  }
  return [...pairs].map(([layer, them]) => new LayerCounts(layer, them, flags));
}

/** Whether one space alone keeps the experiments of two flags apart. */
function areApartBy(
  space: string,
  ones: readonly ExperimentPlaces[],
  others: readonly ExperimentPlaces[],
): boolean {
  const [a, b] = [ones, others].map((it) => it.flatMap(({ alternatives }) => alternatives));
  return (a ?? []).every((one) =>
    (b ?? []).every((other) => {
      const [here, there] = [one.get(space), other.get(space)];
      return here !== undefined && there !== undefined && isNowhere(placeInBoth(here, there));
    }),
  );
}
