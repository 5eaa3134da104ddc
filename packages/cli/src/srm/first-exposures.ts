import { hashKey, type KeyHash, NO_KEY } from "../keys/key-hash.js";
import { KeyTable } from "../keys/key-table.js";
import { Names } from "../keys/names.js";
import { NumberColumn } from "../keys/number-column.js";
import { type CountedRow, type ExperimentName, experimentId } from "./counted-row.js";
import { TimeRange } from "./time-range.js";

/** The first exposure of one subject of an experiment, and whether later ones differ. */
export interface FirstExposure {
  /** `NaN` if unknown. */
  readonly timeMs: number;
  /** Number of subjects, which is 1 unless the rows contain counts. */
  readonly count: number;
  readonly variation: string;
  /** Values of the requested attributes. */
  readonly values: readonly string[];
  readonly hasOtherVariation: boolean;
  /** Whether the first exposure has the message id of another subject's exposure. */
  readonly isCopy: boolean;
}

/** The subjects of one experiment. */
export interface ExperimentSubjects extends ExperimentName {
  readonly subjects: Iterable<FirstExposure>;
  readonly subjectCount: number;
  /** Number of exposures, including repeated exposures of a subject; `null` if unknown. */
  readonly exposures: number | null;
}

/** Maximum number of distinct attribute values. Further values are counted together. */
const MAX_VALUES = 100_000;
const OTHER_VALUES = "(others)";

/**
 * Collects the first exposures of distinct subjects, by experiment. For each subject it keeps a hash of the key, the time, the
 * variation and the values; for each message id, a hash of the id and of the subject. Each subject or message takes 30 to 60 bytes.
 */
export class FirstExposures {
  readonly #attributes: readonly string[];
  readonly #experiments = new Map<string, Experiment>();
  readonly #messages = new KeyTable();
  readonly #ownerLow = new NumberColumn((length) => new Uint32Array(length));
  readonly #ownerHigh = new NumberColumn((length) => new Uint32Array(length));
  readonly #variations = new Names();
  readonly #values = new ValueNames();
  readonly #times = new TimeRange();
  readonly #subject: KeyHash = { ...NO_KEY };
  readonly #message: KeyHash = { ...NO_KEY };

  /** @param attributes - attributes whose values to keep. */
  constructor(attributes: readonly string[]) {
    this.#attributes = attributes;
  }

  get experiments(): readonly ExperimentSubjects[] {
    return [...this.#experiments.values()];
  }

  /** Times of the first and the last exposure, epoch ms; `null` if there are none. */
  get times(): readonly [number, number] | null {
    return this.#times.bounds;
  }

  add({ key, messageId, name, timeMs, values, variation }: CountedRow): void {
    this.#times.add(timeMs);
    const number = this.#variations.numberOf(variation);
    const experiment = this.#experimentOf(name);
    hashKey(key, NO_KEY, this.#subject);
    const { high, low } = this.#subject;
    const subject = experiment.meet({ low, high, timeMs, variation: number });
    if (subject === null) return;
    const isCopy = messageId !== null && this.#isCopy(messageId, low, high);
    const numbers = values.map((value) => this.#values.numberOf(value));
    experiment.keep(subject, { timeMs, variation: number, values: numbers, isCopy });
  }

  #experimentOf(name: ExperimentName): Experiment {
    const key = experimentId(name);
    const known = this.#experiments.get(key);
    if (known !== undefined) return known;
    const made = new Experiment(
      name,
      this.#attributes.length,
      this.#variations.list,
      this.#values.list,
    );
    this.#experiments.set(key, made);
    return made;
  }

  #isCopy(messageId: string, subjectLow: number, subjectHigh: number): boolean {
    hashKey(messageId, NO_KEY, this.#message);
    const { size } = this.#messages;
    const number = this.#messages.numberOf(this.#message.low, this.#message.high);
    if (number === size) {
      this.#ownerLow.set(number, subjectLow);
      this.#ownerHigh.set(number, subjectHigh);
      return false;
    }
    return this.#ownerLow.at(number) !== subjectLow || this.#ownerHigh.at(number) !== subjectHigh;
  }
}

/** Numbers strings from 0. Beyond {@link MAX_VALUES}, all further strings share one number. */
class ValueNames {
  readonly list: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = Math.min(this.list.length, MAX_VALUES);
    if (number < MAX_VALUES) this.#numbers.set(name, number);
    this.list[number] = number < MAX_VALUES ? name : OTHER_VALUES;
    return number;
  }
}

const HAS_OTHER = 1;
const IS_COPY = 2;

class Experiment implements ExperimentSubjects {
  readonly flag: string | null;
  readonly allocation: string | null;
  readonly experiment: string | null;
  readonly problem: string | null;
  exposures = 0;
  readonly #keys = new KeyTable();
  readonly #timesMs = new NumberColumn((length) => new Float64Array(length));
  readonly #variations = new NumberColumn((length) => new Uint32Array(length));
  readonly #marks = new NumberColumn((length) => new Uint8Array(length));
  readonly #values: readonly NumberColumn<Uint32Array>[];
  readonly #variationNames: readonly string[];
  readonly #valueNames: readonly string[];

  constructor(
    { allocation, experiment, flag, problem }: ExperimentName,
    attributes: number,
    variations: readonly string[],
    values: readonly string[],
  ) {
    this.flag = flag;
    this.allocation = allocation;
    this.experiment = experiment;
    this.problem = problem;
    this.#variationNames = variations;
    this.#valueNames = values;
    this.#values = Array.from(
      { length: attributes },
      () => new NumberColumn((length) => new Uint32Array(length)),
    );
  }

  get subjectCount(): number {
    return this.#keys.size;
  }

  /** Counts an exposure and returns the number of its subject, or `null` if the subject has an earlier exposure. */
  meet({
    high,
    low,
    timeMs,
    variation,
  }: {
    readonly low: number;
    readonly high: number;
    readonly timeMs: number;
    readonly variation: number;
  }): number | null {
    this.exposures += 1;
    const { size } = this.#keys;
    const number = this.#keys.numberOf(low, high);
    if (number === size) return number;
    if (this.#variations.at(number) !== variation) {
      this.#marks.set(number, this.#marks.at(number) | HAS_OTHER);
    }
    return timeMs < this.#timesMs.at(number) ? number : null;
  }

  /** Stores an exposure as the first one of its subject. */
  keep(
    number: number,
    {
      isCopy,
      timeMs,
      values,
      variation,
    }: {
      readonly timeMs: number;
      readonly variation: number;
      readonly values: readonly number[];
      readonly isCopy: boolean;
    },
  ): void {
    this.#timesMs.set(number, timeMs);
    this.#variations.set(number, variation);
    this.#marks.set(number, (this.#marks.at(number) & HAS_OTHER) | (isCopy ? IS_COPY : 0));
    for (const [i, value] of values.entries()) this.#values[i]?.set(number, value);
  }

  get subjects(): Iterable<FirstExposure> {
    return this.#subjects();
  }

  *#subjects(): Generator<FirstExposure, void> {
    for (let number = 0; number < this.#keys.size; number++) {
      const marks = this.#marks.at(number);
      yield {
        count: 1,
        timeMs: this.#timesMs.at(number),
        variation: this.#variationNames[this.#variations.at(number)] ?? "",
        values: this.#values.map((column) => this.#valueNames[column.at(number)] ?? ""),
        hasOtherVariation: (marks & HAS_OTHER) !== 0,
        isCopy: (marks & IS_COPY) !== 0,
      };
    }
  }
}
