import type { Configuration } from "@sortition/core";
import type { CliDialect } from "../dialects/dialect.js";
import { hasBigInt, rounded, tooLarge } from "../evaluate/exact-json.js";
import { RequestError, ShapeError } from "../evaluate/request.js";
import type { ExperimentFlag } from "../judge/experiment-names.js";
import { FlagJudge } from "../judge/flag-judge.js";
import { isSampled, type Sample } from "../keys/sample.js";
import type { BadLines } from "../rows/bad-lines.js";
import { type FileRecords, rowsOf } from "../rows/parse-row.js";
import type { Place } from "../rows/place.js";
import type { Row } from "../rows/row.js";
import { attributeValue } from "./attribute-value.js";
import type { EventsOptions } from "./event-options.js";
import type { ExposureRow } from "./exposure-row.js";
import { retyped } from "./lost-types.js";
import { type ExposureReading, readExposures } from "./read-exposure.js";

/** How rows become exposures, and which of them the command line selects. */
export interface ExposureOptions extends Pick<EventsOptions, "flags" | "reading"> {
  readonly dialect: CliDialect;
  /** The subjects to read; `null`: all subjects. */
  readonly sample: Sample | null;
  /** Attributes that are counted, although flags may not read them. */
  readonly attributes?: readonly string[];
}

/** The configurations of the flags in the rows. */
export interface RowConfigurations {
  readonly configurations: readonly Configuration[];
  /** Index of the configuration at a time. */
  indexAt(timeMs: number): number;
}

/** Reads the exposures that `--flags`, `--sample` and `--part` select. Other rows, such as page views, are skipped. */
export class ExposureReader {
  readonly #options: ExposureOptions;
  readonly #bad: BadLines;
  readonly #flagsOf: (experiment: string) => readonly ExperimentFlag[];
  readonly #at: RowConfigurations;
  readonly #judges: readonly FlagJudge[];

  /**
   * @param bad - records the rows that cannot be read.
   * @throws UsageError for a name in `--flags` that matches no flag of the configurations.
   */
  constructor(options: ExposureOptions, at: RowConfigurations, bad: BadLines) {
    const { explainer, judge } = options.dialect;
    const { configurations } = at;
    options.flags?.keysIn(configurations.map((configuration) => ({ configuration, explainer })));
    const named = configurations.map((it) => judge.experiments(it));
    this.#options = options;
    this.#bad = bad;
    this.#flagsOf = (experiment) => named.flatMap((it) => it.flagsOf(experiment));
    this.#at = at;
    this.#judges = configurations.map((it) => new FlagJudge(it, judge));
  }

  /** Reads the exposures in records, in order. */
  read(records: FileRecords, take: (exposure: ExposureRow, place: Place) => void): void {
    const { flags, sample } = this.#options;
    for (const row of rowsOf(records)) {
      this.#bad.countRow();
      for (const exposure of this.#exposuresIn(row)) {
        if (!isSampled(exposure.subject, sample)) this.#bad.countUnsampled();
        else if (flags?.hasExposure(exposure, this.#flagsOf) !== false) {
          const exact = this.#exact(exposure, row);
          if (exact !== null) take(exact, row);
        }
      }
    }
  }

  /** Rounds large integers that neither a flag nor the analysis reads; `null` if an integer is needed exactly. */
  #exact(exposure: ExposureRow, place: Place): ExposureRow | null {
    const { attributes } = exposure;
    if (!hasBigInt(attributes)) return exposure;
    const name = this.#roundedIn(exposure);
    if (name === null) return { ...exposure, attributes: rounded(attributes) };
    this.#bad.note(place, tooLarge(name).message);
    return null;
  }

  /** The attribute of a large integer that is needed exactly; `null` if there is none. */
  #roundedIn({ attributes, count, experiment, flag, ...row }: ExposureRow): string | null {
    const asked = this.#options.attributes ?? [];
    const counted = asked.find((name) => hasBigInt(attributeValue(attributes, name)));
    if (counted !== undefined || count !== null) return counted ?? null;
    const flags = flag === null ? this.#flagsOf(`${experiment}`).map((it) => it.flag) : [flag];
    const subject = { key: row.isAnonymous ? "" : row.subject, attributes };
    const judge = this.#judges[this.#at.indexAt(row.timeMs)];
    const found = flags.map((it) => judge?.roundedIn(it, subject, row.timeMs) ?? null);
    return found.find((it) => it !== null) ?? null;
  }

  #exposuresIn(row: Row): readonly ExposureRow[] {
    if (row.problem !== null) {
      this.#bad.note(row, row.problem);
      return [];
    }
    const { reading } = this.#options;
    try {
      const exposures = readExposures(row.fields, reading);
      return row.isText ? exposures.map((it) => withRetyped(it, reading)) : exposures;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (error instanceof ShapeError) this.#bad.noteShape(row, error.message);
      else this.#bad.note(row, error.message);
      return [];
    }
  }
}

function withRetyped(exposure: ExposureRow, { untyped }: ExposureReading): ExposureRow {
  if (untyped.size === 0) return exposure;
  return { ...exposure, retyped: retyped(exposure.attributes, untyped) };
}
