import { count } from "../text/values.js";

/** A flag that the configuration cannot decide for some exposures. */
export interface UnresolvedFlag {
  readonly flag: string;
  /** A sentence about the flag, without its end. */
  readonly problem: string;
  readonly exposures: number;
}

/** Flags that are named; the others are counted. */
const MAX_NAMED = 10;
/** Flags that are told apart. */
const MAX_FLAGS = 10_000;

/** Counts exposures of flags that the configuration cannot decide, by the reason. */
export class UnresolvedFlags {
  readonly #flags = new Map<string, UnresolvedFlag>();

  get list(): readonly UnresolvedFlag[] {
    return [...this.#flags.values()];
  }

  add(flags: readonly UnresolvedFlag[]): void {
    for (const { exposures, flag, problem } of flags) {
      const key = JSON.stringify([flag, problem]);
      const known = this.#flags.get(key);
      if (known === undefined && this.#flags.size >= MAX_FLAGS) continue;
      this.#flags.set(key, { flag, problem, exposures: exposures + (known?.exposures ?? 0) });
    }
  }

  /** The most frequent ones, in a sentence each without its end. */
  get sentences(): readonly string[] {
    const sorted = this.list.toSorted((a, b) => b.exposures - a.exposures);
    const others = sorted.length - MAX_NAMED;
    return [
      ...sorted.slice(0, MAX_NAMED).map(({ exposures, flag, problem }) => {
        const noun = exposures === 1 ? "exposure" : "exposures";
        return `${count(exposures)} ${noun} of ${flag} cannot be judged: ${problem}`;
      }),
      ...(others > 0 ? [`exposures of ${count(others)} more flags cannot be judged`] : []),
    ];
  }
}
