import { type ReadingOptions, readingOf } from "../events/event-options.js";
import type { ExposureRow } from "../events/exposure-row.js";
import { forEachExposure } from "../events/exposures.js";
import type { ExposureReading } from "../events/read-exposure.js";
import type { SeenColumnsPart } from "../events/seen-columns.js";
import { hashKey, type KeyHash, NO_KEY } from "../keys/key-hash.js";
import { isSampled, type Sample } from "../keys/sample.js";
import { PartNames } from "../parts/part-names.js";
import { PartRows } from "../parts/part-rows.js";
import type { RecordWork } from "../parts/record-work.js";
import { type BadPart, LineNotes } from "../rows/bad-lines.js";
import { type FileRecords, rowsOf } from "../rows/parse-row.js";
import { attributeValue } from "./attribute-value.js";
import { SeenAttributes, type SeenAttributesPart } from "./seen-attributes.js";

/** How to read exposures, in a form that can be sent to another thread. */
export interface SrmPlan {
  readonly command: "srm";
  readonly readingOptions: ReadingOptions;
  /** The subjects to count; `null`: all subjects. */
  readonly sample: Sample | null;
  /** Attributes whose values to read. */
  readonly attributes: readonly string[];
  /** By flag, the attribute whose values are counted instead of subject keys. See `JudgeSupport.unitOf`. */
  readonly units: ReadonlyMap<string, string>;
}

/** The members of a row of {@link SrmPart.rows}. The values of the attributes follow. */
export const AT = {
  timeMs: 0,
  /** An index into {@link SrmPart.experiments}. */
  experiment: 1,
  /** An index into {@link SrmPart.names}, like the attribute values. */
  variation: 2,
  subjectLow: 3,
  subjectHigh: 4,
  hasMessage: 5,
  messageLow: 6,
  messageHigh: 7,
  /** The number of subjects in the row. */
  count: 8,
  values: 9,
} as const;

/** The names of an experiment in its events. */
export interface ExperimentName {
  /** `null` if the events name only the experiment. */
  readonly flag: string | null;
  /** `null` if the events name no allocation. */
  readonly allocation: string | null;
  readonly experiment: string | null;
}

/** A string that identifies the experiment. */
export function experimentId({ allocation, experiment, flag }: ExperimentName): string {
  return `${flag ?? ""}\0${allocation}\0${experiment}`;
}

/** Exposures, in a form that is cheap to send to another thread. */
export interface SrmPart {
  readonly bad: BadPart;
  readonly experiments: readonly ExperimentName[];
  readonly names: readonly string[];
  /** For each exposure, `AT.values` numbers (see {@link AT}) and one for each attribute. */
  readonly rows: Float64Array;
  readonly seenAttributes: SeenAttributesPart;
  /** Whether any row had each column of `--map`, in the order of the map. */
  readonly seenColumns: readonly boolean[];
  readonly columns: SeenColumnsPart;
}

/** Shown if the subject has no value. */
const NO_VALUE = "(none)";

export class SrmWork implements RecordWork<SrmPart> {
  readonly #attributes: readonly string[];
  readonly #reading: ExposureReading;
  readonly #sample: Sample | null;
  readonly #units: ReadonlyMap<string, string>;

  /** @throws UsageError */
  constructor({ attributes, readingOptions, sample, units }: SrmPlan) {
    this.#attributes = attributes;
    this.#units = units;
    this.#sample = sample;
    this.#reading = readingOf(readingOptions);
  }

  part(records: FileRecords): SrmPart {
    const bad = new LineNotes();
    const exposures = new SrmRows(this.#attributes, this.#units);
    const seenAttributes = new SeenAttributes(this.#attributes);
    forEachExposure(rowsOf(records), this.#reading, bad, (exposure) => {
      if (!isSampled(exposure.subject, this.#sample)) {
        bad.countUnsampled();
        return;
      }
      seenAttributes.note(exposure.attributes);
      exposures.add(exposure);
    });
    return {
      bad: bad.part,
      experiments: exposures.experiments,
      names: exposures.names,
      rows: exposures.rows,
      seenAttributes: seenAttributes.part,
      seenColumns: this.#reading.map?.seen ?? [],
      columns: this.#reading.seen.part,
    };
  }
}

/** Collects the exposures of a part. */
export class SrmRows {
  readonly experiments: ExperimentName[] = [];
  readonly #attributes: readonly string[];
  readonly #units: ReadonlyMap<string, string>;
  readonly #rows: PartRows;
  readonly #names = new PartNames();
  readonly #experimentNames = new PartNames();
  readonly #hash: KeyHash = { ...NO_KEY };

  /** @param units - see {@link SrmPlan.units}. */
  constructor(attributes: readonly string[], units: ReadonlyMap<string, string> = new Map()) {
    this.#attributes = attributes;
    this.#units = units;
    this.#rows = new PartRows(AT.values + attributes.length);
  }

  get names(): readonly string[] {
    return this.#names.list;
  }

  get rows(): Float64Array {
    return this.#rows.rows;
  }

  add(exposure: ExposureRow): void {
    const { allocation, attributes, choice, experiment, flag, messageId, variation } = exposure;
    // The assignment that led to an action is a separate event.
    if (choice !== null || variation === null || exposure.isForced) return;
    const start = this.#rows.add();
    const { values } = this.#rows;
    const number = this.#experimentNames.numberOf(experimentId(exposure));
    if (number === this.experiments.length) this.experiments.push({ flag, allocation, experiment });
    const hash = this.#hash;
    values[start + AT.timeMs] = exposure.timeMs;
    values[start + AT.experiment] = number;
    values[start + AT.variation] = this.#names.numberOf(variation);
    hashKey(this.#keyOf(exposure), NO_KEY, hash);
    values[start + AT.count] = exposure.count ?? 1;
    values[start + AT.subjectLow] = hash.low;
    values[start + AT.subjectHigh] = hash.high;
    if (messageId !== null) {
      hashKey(messageId, NO_KEY, hash);
      values[start + AT.hasMessage] = 1;
      values[start + AT.messageLow] = hash.low;
      values[start + AT.messageHigh] = hash.high;
    }
    for (const [i, name] of this.#attributes.entries()) {
      values[start + AT.values + i] = this.#names.numberOf(
        valueText(attributeValue(attributes, name)),
      );
    }
  }

  /**
   * Returns the key to count by: the subject or, for a row of counts, everything that distinguishes it from other
   * rows.
   */
  #keyOf({ attributes, count, flag, subject, timeMs, variation }: ExposureRow): string {
    if (count !== null) return JSON.stringify([variation, timeMs, attributes]);
    const unit = this.#units.get(flag ?? "");
    const counted = unit === undefined ? undefined : attributeValue(attributes, unit);
    // If the attribute is missing, a fallback was hashed instead.
    return counted === undefined ? subject : valueText(counted);
  }
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return NO_VALUE;
  return typeof value === "string" ? value : JSON.stringify(value);
}
