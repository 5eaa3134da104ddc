import type { Configuration } from "@sortition/core";
import type { CliDialect } from "../dialects/dialect.js";
import { RequestError, ShapeError } from "../evaluate/request.js";
import type { ExperimentFlag } from "../judge/experiment-names.js";
import { isSampled, type Sample } from "../keys/sample.js";
import type { BadLines } from "../rows/bad-lines.js";
import { type FileRecords, rowsOf } from "../rows/parse-row.js";
import type { Place } from "../rows/place.js";
import type { Row } from "../rows/row.js";
import type { EventsOptions } from "./event-options.js";
import type { ExposureRow } from "./exposure-row.js";
import { retyped } from "./lost-types.js";
import { type ExposureReading, readExposures } from "./read-exposure.js";

/** How rows become exposures, and which of them the command line selects. */
export interface ExposureOptions extends Pick<EventsOptions, "flags" | "reading"> {
  readonly dialect: CliDialect;
  /** The subjects to read; `null`: all subjects. */
  readonly sample: Sample | null;
}

/** Reads the exposures that `--flags`, `--sample` and `--part` select. Other rows, such as page views, are skipped. */
export class ExposureReader {
  readonly #options: ExposureOptions;
  readonly #bad: BadLines;
  readonly #flagsOf: (experiment: string) => readonly ExperimentFlag[];

  /**
   * @param bad - records the rows that cannot be read.
   * @throws UsageError for a name in `--flags` that matches no flag of the configurations.
   */
  constructor(options: ExposureOptions, configurations: readonly Configuration[], bad: BadLines) {
    const { explainer, judge } = options.dialect;
    options.flags?.keysIn(configurations.map((configuration) => ({ configuration, explainer })));
    const named = configurations.map((it) => judge.experiments(it));
    this.#options = options;
    this.#bad = bad;
    this.#flagsOf = (experiment) => named.flatMap((it) => it.flagsOf(experiment));
  }

  /** Reads the exposures in records, in order. */
  read(records: FileRecords, take: (exposure: ExposureRow, place: Place) => void): void {
    const { flags, sample } = this.#options;
    for (const row of rowsOf(records)) {
      this.#bad.countRow();
      for (const exposure of this.#exposuresIn(row)) {
        if (!isSampled(exposure.subject, sample)) this.#bad.countUnsampled();
        else if (flags?.hasExposure(exposure, this.#flagsOf) !== false) take(exposure, row);
      }
    }
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
