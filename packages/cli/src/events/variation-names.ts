import { UsageError } from "../errors.js";
import type { ExperimentFlag } from "../judge/experiment-names.js";
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
 * Replaces the indexes of variations in tables with keys. If both readings are possible and mean different variations, one value that
 * can only be an index or only be a key decides for all rows of an experiment. Rows before it are held back.
 */
export class VariationNames {
  readonly #experiments = new Map<string, Experiment>();

  /**
   * @param flagsOf - the flags of an experiment, at a time or at any time.
   * @param optionsFor - returns command-line options that read variations as a target of `--map`.
   */
  constructor(
    readonly flagsOf: (experiment: string, timeMs?: number) => readonly ExperimentFlag[],
    readonly optionsFor: (target: string) => string,
  ) {}

  /**
   * Returns the rows that can be used now, which are none or include held ones.
   *
   * @throws UsageError if the rows contradict each other, or too many do not show how they name variations.
   */
  add(row: ExposureRow, place: Place): readonly ReadRow[] {
    const { experiment, isIndex, variation } = row;
    if (isIndex === false || experiment === null || variation === null) return [[row, place]];
    const known = this.#experimentOf(experiment);
    if (isIndex === true || !known.isAmbiguous) return [[this.#named(row, isIndex), place]];
    const shown = shownBy(variation, known.flags);
    if (shown !== null) {
      if (known.isIndex === !shown) throw this.#undecided(experiment);
      known.isIndex = shown;
    }
    known.held.push([row, place]);
    if (known.isIndex === null) {
      if (known.held.length > MAX_HELD) throw this.#undecided(experiment);
      return [];
    }
    const usable = known.held.map(([it, at]): ReadRow => [this.#named(it, known.isIndex), at]);
    known.held = [];
    return usable;
  }

  /** @throws UsageError if rows are still held back. */
  checkDecided(): void {
    for (const [experiment, { held }] of this.#experiments) {
      if (held.length > 0) throw this.#undecided(experiment);
    }
  }

  /** @param isIndex - otherwise, a key is preferred. */
  #named(row: ExposureRow, isIndex: boolean | null): ExposureRow {
    const named = `${row.variation}`;
    const readings = this.flagsOf(`${row.experiment}`, row.timeMs)
      .filter(({ flag }) => row.flag === null || row.flag === flag)
      .map((it) => readingsOf(named, it))
      .find((it) => it.index !== null || it.key !== null);
    const variation = (isIndex ? null : readings?.key) ?? readings?.index ?? named;
    return { ...row, variation };
  }

  #experimentOf(experiment: string): Experiment {
    const known = this.#experiments.get(experiment);
    if (known !== undefined) return known;
    const flags = this.flagsOf(experiment);
    const made = { flags, isAmbiguous: flags.some(isAmbiguous), isIndex: null, held: [] };
    // Unknown names are not kept, because there may be any number of them.
    if (flags.length > 0) this.#experiments.set(experiment, made);
    return made;
  }

  #undecided(experiment: string): UsageError {
    const [key, index] = ["variation:key", "variation:index"].map(this.optionsFor);
    return new UsageError(
      `${experiment}: the rows do not show whether they name variations by key or by index. If they contain keys, use ${key}; if they contain indexes, use ${index}`,
    );
  }
}

interface Readings {
  readonly index: string | null;
  readonly key: string | null;
}

/** What a name of a variation means: the key of the variation with that index, or with that key; `null`: none. */
function readingsOf(named: string, { variations }: ExperimentFlag): Readings {
  return {
    index: (/^\d+$/.test(named) && variations[Number(named)]) || null,
    key: variations.includes(named) ? named : null,
  };
}

function isAmbiguous(flag: ExperimentFlag): boolean {
  return flag.variations.some((it) => {
    const { index, key } = readingsOf(it, flag);
    return index !== null && index !== key;
  });
}

/** Whether a value can only be an index (`true`) or a key (`false`); `null` if it does not show either. */
function shownBy(variation: string, flags: readonly ExperimentFlag[]): boolean | null {
  const readings = flags.map((it) => readingsOf(variation, it));
  const mayBeIndex = readings.some(({ index }) => index !== null);
  return mayBeIndex === readings.some(({ key }) => key !== null) ? null : mayBeIndex;
}
