import { KeyTable } from "../keys/key-table.js";
import type { ExperimentSubjects, FirstExposure } from "./first-exposures.js";
import { AT, type ExperimentName, experimentId, type SrmPart } from "./srm-work.js";
import { TimeRange } from "./time-range.js";

interface CountedExperiment extends ExperimentName {
  readonly keys: KeyTable;
  readonly subjects: (FirstExposure & { count: number })[];
  subjectCount: number;
}

/** Collects rows with counts of subjects, by experiment. Every row is kept in memory. */
export class CountedSubjects {
  readonly #attributes: readonly string[];
  readonly #experiments = new Map<string, CountedExperiment>();
  readonly #times = new TimeRange();
  #repeated = 0;

  /** @param attributes - attributes whose values to keep. */
  constructor(attributes: readonly string[]) {
    this.#attributes = attributes;
  }

  /** Number of rows with the experiment, variation, time and attributes of an earlier row. Their counts are added. */
  get repeated(): number {
    return this.#repeated;
  }

  get experiments(): readonly ExperimentSubjects[] {
    return [...this.#experiments.values()].map((it) => ({ ...it, exposures: null }));
  }

  /** The first and the last time, epoch ms; `null` if there are no times. */
  get times(): readonly [number, number] | null {
    return this.#times.bounds;
  }

  add({ experiments, names, rows }: Pick<SrmPart, "experiments" | "names" | "rows">): void {
    const known = experiments.map((name) => this.#experimentOf(name));
    const width = AT.values + this.#attributes.length;
    for (let at = 0; at < rows.length; at += width) {
      const of = (member: number): number => rows[at + member] as number; // a row has all members
      const [count, timeMs] = [of(AT.count), of(AT.timeMs)];
      this.#times.add(timeMs);
      const experiment = known[of(AT.experiment)] as CountedExperiment; // an index of the same part
      const number = experiment.keys.numberOf(of(AT.subjectLow), of(AT.subjectHigh));
      const earlier = experiment.subjects[number];
      experiment.subjectCount += count;
      if (earlier !== undefined) {
        this.#repeated += 1;
        earlier.count += count;
        continue;
      }
      experiment.subjects.push({
        count,
        timeMs,
        variation: names[of(AT.variation)] ?? "",
        values: this.#attributes.map((_, i) => names[of(AT.values + i)] ?? ""),
        hasOtherVariation: false,
        isCopy: false,
      });
    }
  }

  #experimentOf(name: ExperimentName): CountedExperiment {
    const id = experimentId(name);
    const known = this.#experiments.get(id);
    if (known !== undefined) return known;
    const made = { ...name, keys: new KeyTable(), subjects: [], subjectCount: 0 };
    this.#experiments.set(id, made);
    return made;
  }
}
