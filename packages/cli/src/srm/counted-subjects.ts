import { madeOnce } from "../made-once.js";
import type { CountedRow } from "./counted-row.js";
import { type ExperimentName, experimentId } from "./experiment-name.js";
import type { ExperimentSubjects, FirstExposure } from "./first-exposures.js";
import { TimeRange } from "./time-range.js";

interface CountedExperiment extends ExperimentName {
  readonly period: number;
  readonly rows: Map<string, FirstExposure & { count: number }>;
  subjectCount: number;
}

/** Collects rows with counts of subjects, by experiment. Every row is kept in memory. */
export class CountedSubjects {
  readonly #experiments = new Map<string, CountedExperiment>();
  readonly #times = new TimeRange();
  #repeated = 0;
  #hasRows = false;

  /** Number of rows with the experiment, variation, time and attributes of an earlier row. Their counts are added. */
  get repeated(): number {
    return this.#repeated;
  }

  get experiments(): readonly ExperimentSubjects[] {
    return [...this.#experiments.values()].map(({ rows, ...it }) => {
      return { ...it, subjects: [...rows.values()], exposures: null };
    });
  }

  /** Whether any row was added, even if it belongs to no period. */
  get hasRows(): boolean {
    return this.#hasRows;
  }

  /** The first and the last time, epoch ms; `null` if there are no times. */
  get times(): readonly [number, number] | null {
    return this.#times.bounds;
  }

  add({ count, key, name, period, timeMs, values, variation }: CountedRow): void {
    this.#times.add(timeMs);
    this.#hasRows = true;
    if (period === null) return;
    const experiment = this.#experimentOf(name, period);
    const earlier = experiment.rows.get(key);
    experiment.subjectCount += count;
    if (earlier !== undefined) {
      this.#repeated += 1;
      earlier.count += count;
      return;
    }
    const isPlain = { hasOtherVariation: false, isCopy: false };
    experiment.rows.set(key, { count, timeMs, variation, values, ...isPlain });
  }

  #experimentOf(name: ExperimentName, period: number): CountedExperiment {
    const id = `${experimentId(name)}\0${period}`;
    return madeOnce(this.#experiments, id, () => {
      return { ...name, period, rows: new Map(), subjectCount: 0 };
    });
  }
}
