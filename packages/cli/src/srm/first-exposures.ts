import { hashKey, type KeyHash, NO_KEY } from "../keys/key-hash.js";
import { KeyTable } from "../keys/key-table.js";
import { Names } from "../keys/names.js";
import { NumberColumn } from "../keys/number-column.js";
import { madeOnce } from "../made-once.js";
import type { CountedRow } from "./counted-row.js";
import { type ExperimentName, experimentId } from "./experiment-name.js";
import { OTHER_VALUES } from "./tally.js";
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

/** The subjects of an experiment in one period. */
export interface ExperimentSubjects extends ExperimentName {
  /** See `PeriodPlace.period`. */
  readonly period: number;
  readonly subjects: Iterable<FirstExposure>;
  readonly subjectCount: number;
  /** Number of exposures by variation, including repeated exposures of a subject; `null` if unknown. */
  readonly exposures: ReadonlyMap<string, number> | null;
}

/** Maximum number of distinct attribute values. Further values are counted together. */
const MAX_VALUES = 100_000;

/**
 * Collects the first exposures of distinct subjects, by experiment. A subject is counted in the period of its first exposure,
 * because a change moves only some of the subjects that were exposed before, and SDKs do not log the others again. It keeps
 * a hash of the key, the time, the variation and the values for each subject, and a hash of the ID and of the subject for
 * each message ID. Each subject or message takes 30 to 60 bytes.
 */
export class FirstExposures {
  readonly #attributes: readonly string[];
  readonly #experiments = new Map<string, Experiment>();
  readonly #messages = new KeyTable();
  readonly #ownerLow = new NumberColumn((length) => new Uint32Array(length));
  readonly #ownerHigh = new NumberColumn((length) => new Uint32Array(length));
  readonly #variations = new Names();
  readonly #values = new Names(MAX_VALUES, OTHER_VALUES);
  readonly #times = new TimeRange();
  readonly #subject: KeyHash = { ...NO_KEY };
  readonly #message: KeyHash = { ...NO_KEY };

  /** @param attributes - attributes whose values to keep. */
  constructor(attributes: readonly string[]) {
    this.#attributes = attributes;
  }

  get experiments(): readonly ExperimentSubjects[] {
    return [...this.#experiments.values()].flatMap((it) => it.periods);
  }

  /** Whether any exposure was added, even if it belongs to no period. */
  get hasRows(): boolean {
    return this.#experiments.size > 0;
  }

  /** Times of the first and the last exposure, epoch ms; `null` if there are none. */
  get times(): readonly [number, number] | null {
    return this.#times.bounds;
  }

  add({ key, messageId, name, period, timeMs, values, variation }: CountedRow): void {
    this.#times.add(timeMs);
    const exposure = { timeMs, variation: this.#variations.numberOf(variation), period };
    const experiment = this.#experimentOf(name);
    hashKey(key, NO_KEY, this.#subject);
    const subject = experiment.meet(this.#subject, exposure);
    if (subject === null) return;
    const isCopy = messageId !== null && this.#isCopy(messageId);
    const numbers = values.map((value) => this.#values.numberOf(value));
    experiment.keep(subject, exposure, { values: numbers, isCopy });
  }

  #experimentOf(name: ExperimentName): Experiment {
    const { length } = this.#attributes;
    return madeOnce(this.#experiments, experimentId(name), () => {
      return new Experiment(name, length, this.#variations.list, this.#values.list);
    });
  }

  /** Whether a message is known as that of another subject than the current one. */
  #isCopy(messageId: string): boolean {
    hashKey(messageId, NO_KEY, this.#message);
    const { high, low } = this.#subject;
    const { size } = this.#messages;
    const number = this.#messages.numberOf(this.#message.low, this.#message.high);
    if (number === size) {
      this.#ownerLow.set(number, low);
      this.#ownerHigh.set(number, high);
      return false;
    }
    return this.#ownerLow.at(number) !== low || this.#ownerHigh.at(number) !== high;
  }
}

const HAS_OTHER = 1;
const IS_COPY = 2;

/** An exposure, by the number of its variation. */
interface NumberedExposure {
  readonly timeMs: number;
  readonly variation: number;
  readonly period: number | null;
}

class Experiment {
  readonly #name: ExperimentName;
  /** Number of exposures by {@link slotOf} their period, then by variation. */
  readonly #exposures: number[][] = [];
  readonly #keys = new KeyTable();
  readonly #timesMs = new NumberColumn((length) => new Float64Array(length));
  readonly #variations = new NumberColumn((length) => new Uint32Array(length));
  readonly #marks = new NumberColumn((length) => new Uint8Array(length));
  readonly #slots = new NumberColumn((length) => new Uint32Array(length));
  readonly #values: readonly NumberColumn<Uint32Array>[];
  readonly #variationNames: readonly string[];
  readonly #valueNames: readonly string[];

  constructor(
    name: ExperimentName,
    attributes: number,
    variations: readonly string[],
    values: readonly string[],
  ) {
    this.#name = name;
    this.#variationNames = variations;
    this.#valueNames = values;
    this.#values = Array.from(
      { length: attributes },
      () => new NumberColumn((length) => new Uint32Array(length)),
    );
  }

  /** The subjects of each period, in order. */
  get periods(): readonly ExperimentSubjects[] {
    const counts: number[] = [];
    for (let number = 0; number < this.#keys.size; number++) {
      const slot = this.#slots.at(number);
      counts[slot] = (counts[slot] ?? 0) + 1;
    }
    return [...counts.entries()].flatMap(([slot, subjectCount = 0]) => {
      if (slot === 0 || subjectCount === 0) return [];
      const subjects = { [Symbol.iterator]: () => this.#subjectsIn(slot) };
      const exposures = new Map(
        // Variations of other experiments are holes, which this skips.
        (this.#exposures[slot] ?? []).flatMap((n, i) => [[this.#variationNames[i] ?? "", n]]),
      );
      return [{ ...this.#name, period: slot - 1, subjects, subjectCount, exposures }];
    });
  }

  /** Counts an exposure and returns the number of its subject, or `null` if the subject has an earlier exposure. */
  meet({ high, low }: KeyHash, { period, timeMs, variation }: NumberedExposure): number | null {
    const slot = slotOf(period);
    this.#exposures[slot] ??= [];
    const counts = this.#exposures[slot];
    counts[variation] = (counts[variation] ?? 0) + 1;
    const { size } = this.#keys;
    const number = this.#keys.numberOf(low, high);
    if (number === size) return number;
    // Between periods, a subject may move.
    if (this.#variations.at(number) !== variation && this.#slots.at(number) === slot) {
      this.#marks.set(number, this.#marks.at(number) | HAS_OTHER);
    }
    return timeMs < this.#timesMs.at(number) ? number : null;
  }

  /** Stores an exposure as the first one of its subject. */
  keep(
    number: number,
    { period, timeMs, variation }: NumberedExposure,
    { isCopy, values }: { readonly isCopy: boolean; readonly values: readonly number[] },
  ): void {
    const slot = slotOf(period);
    const hasOther = this.#slots.at(number) === slot ? this.#marks.at(number) & HAS_OTHER : 0;
    this.#timesMs.set(number, timeMs);
    this.#variations.set(number, variation);
    this.#marks.set(number, hasOther | (isCopy ? IS_COPY : 0));
    this.#slots.set(number, slot);
    for (const [i, value] of values.entries()) this.#values[i]?.set(number, value);
  }

  *#subjectsIn(slot: number): Generator<FirstExposure, void> {
    for (let number = 0; number < this.#keys.size; number++) {
      if (this.#slots.at(number) !== slot) continue;
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

/** The number of a period in a column. 0 means that the exposure belongs to none. */
function slotOf(period: number | null): number {
  return period === null ? 0 : period + 1;
}
