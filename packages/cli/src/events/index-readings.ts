import { UsageError } from "../errors.js";
import { type ExperimentFlag, readingsOf } from "../judge/experiment-names.js";
import type { Place } from "../rows/place.js";
import type { ExposureRow } from "./exposure-row.js";

/** Maximum number of rows to hold back until it is known how their table names variations. */
const MAX_HELD = 100_000;

/** A row that was read, and where it is. */
export type ReadRow = readonly [row: ExposureRow, place: Place];

interface Experiment {
  readonly flags: readonly ExperimentFlag[];
  /** Whether a value may be a key and an index of different variations. */
  readonly isAmbiguous: boolean;
  /** Whether all rows name variations by index; `null` as long as the rows do not show it. */
  isIndex: boolean | null;
  held: ReadRow[];
}

/**
 * Decides whether a table names the variations of an experiment by their indexes or by their keys, if both are possible and mean
 * different variations: one value that can only be an index or only be a key decides for all rows. Rows before it are held back.
 */
export class IndexReadings {
  readonly #flagsOf: (experiment: string) => readonly ExperimentFlag[];
  readonly #optionsFor: (target: string) => string;
  readonly #experiments = new Map<string, Experiment>();

  /** @param optionsFor - returns command-line options that read variations as a target of `--map`. */
  constructor(
    flagsOf: (experiment: string) => readonly ExperimentFlag[],
    optionsFor: (target: string) => string,
  ) {
    this.#flagsOf = flagsOf;
    this.#optionsFor = optionsFor;
  }

  /** Whether the rows of an experiment name variations by index; `undefined`: both readings are the same. */
  isIndex(experiment: string | null): boolean | undefined {
    return this.#experiments.get(`${experiment}`)?.isIndex ?? undefined;
  }

  /**
   * Returns the rows that can be used now, which are none or include held ones.
   *
   * @throws UsageError if the rows contradict each other, or too many do not show how they name variations.
   */
  add(row: ExposureRow, place: Place): readonly ReadRow[] {
    const { experiment, isIndex = null, mayHaveIndex, variation } = row;
    if (!mayHaveIndex || experiment === null || variation === null) return [[row, place]];
    const known = this.#experimentOf(experiment);
    if (isIndex === null && !known.isAmbiguous) return [[row, place]];
    const shown = isIndex ?? shownBy(variation, known.flags);
    if (shown !== null) {
      if (known.isIndex === !shown) throw this.#undecided(experiment);
      known.isIndex = shown;
    }
    if (known.isIndex === null) {
      known.held.push([row, place]);
      if (known.held.length > MAX_HELD) throw this.#undecided(experiment);
      return [];
    }
    const decided = known.isIndex;
    const usable = [...known.held, [row, place] as const].map(([it, at]): ReadRow => {
      return [{ ...it, isIndex: decided }, at];
    });
    known.held = [];
    return usable;
  }

  #experimentOf(experiment: string): Experiment {
    const known = this.#experiments.get(experiment);
    if (known !== undefined) return known;
    const flags = this.#flagsOf(experiment);
    const made = { flags, isAmbiguous: flags.some(isAmbiguous), isIndex: null, held: [] };
    // Unknown names are not kept, because there may be any number of them.
    if (flags.length > 0) this.#experiments.set(experiment, made);
    return made;
  }

  /** @throws UsageError if rows are still held back. */
  checkDecided(): void {
    for (const [experiment, { held }] of this.#experiments) {
      if (held.length > 0) throw this.#undecided(experiment);
    }
  }

  #undecided(experiment: string): UsageError {
    const [key, index] = ["variation:key", "variation:index"].map(this.#optionsFor);
    return new UsageError(
      `${experiment}: the rows do not show whether they name variations by key or by index. If they contain keys, use ${key}; if they contain indexes, use ${index}`,
    );
  }
}

function isAmbiguous(flag: ExperimentFlag): boolean {
  return flag.variations.some((it) => {
    const { index, key } = readingsOf(it, flag);
    return index !== null && key !== null && index !== key;
  });
}

/** Whether a value can only be an index (`true`) or a key (`false`); `null` if it does not show either. */
function shownBy(variation: string, flags: readonly ExperimentFlag[]): boolean | null {
  const readings = flags.map((it) => readingsOf(variation, it));
  const [mayBeIndex, mayBeKey] = [
    readings.some(({ index }) => index !== null),
    readings.some(({ key }) => key !== null),
  ];
  return mayBeIndex === mayBeKey ? null : mayBeIndex;
}
