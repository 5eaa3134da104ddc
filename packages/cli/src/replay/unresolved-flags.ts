import { count, countText } from "../text/values.js";

/** A flag that could not be evaluated for some exposures. */
export interface UnresolvedFlag {
  readonly flag: string;
  /** The reason, as a clause without a full stop. */
  readonly problem: string;
  readonly exposures: number;
}

/** Maximum number of flags to name. The others are counted. */
const MAX_NAMED = 10;
/** Maximum number of flags to keep. */
const MAX_FLAGS = 10_000;

/** Counts exposures whose flags could not be evaluated, by reason. */
export class UnresolvedFlags {
  readonly #flags = new Map<string, UnresolvedFlag>();

  get list(): readonly UnresolvedFlag[] {
    return [...this.#flags.values()];
  }

  add(flag: string, problem: string): void {
    const key = JSON.stringify([flag, problem]);
    const known = this.#flags.get(key);
    if (known === undefined && this.#flags.size >= MAX_FLAGS) return;
    this.#flags.set(key, { flag, problem, exposures: 1 + (known?.exposures ?? 0) });
  }

  /** One sentence for each of the most frequent flags, without a full stop. */
  get sentences(): readonly string[] {
    const sorted = this.list.toSorted((a, b) => b.exposures - a.exposures);
    const others = sorted.length - MAX_NAMED;
    return [
      ...sorted.slice(0, MAX_NAMED).map(({ exposures, flag, problem }) => {
        return `${countText(exposures, "exposure")} of ${flag} cannot be judged: ${problem}`;
      }),
      ...(others > 0 ? [`exposures of ${count(others)} more flags cannot be judged`] : []),
    ];
  }
}
