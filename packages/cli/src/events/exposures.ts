import type { Configuration } from "@sortition/core";
import type { CliDialect } from "../dialects/dialect.js";
import { hasBigInt, rounded, roundedValue, tooLarge } from "../evaluate/exact-json.js";
import { RequestError, ShapeError } from "../evaluate/request.js";
import type { ExperimentFlag } from "../judge/experiment-names.js";
import { FlagJudge } from "../judge/flag-judge.js";
import { isSampled, type Sample } from "../keys/sample.js";
import { SubjectHints } from "../keys/subject-hints.js";
import type { BadLines } from "../rows/bad-lines.js";
import { type FileRecords, rowsOf } from "../rows/parse-row.js";
import type { Place } from "../rows/place.js";
import type { Row } from "../rows/row.js";
import { attributeValue } from "./attribute-value.js";
import { variationOptions } from "./column-report.js";
import type { EventsOptions } from "./event-options.js";
import type { ExposureRow } from "./exposure-row.js";
import { retyped } from "./lost-types.js";
import { type ExposureReading, readExposures } from "./read-exposure.js";
import { unitsFrom } from "./subject-units.js";
import { VariationNames } from "./variation-names.js";
import { VariationValues } from "./variation-values.js";

/** How rows become exposures, and which of them the command line selects. */
export interface ExposureOptions
  extends Pick<EventsOptions, "flags" | "reading" | "readingOptions"> {
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
  readonly #flagsOf: (experiment: string, timeMs?: number) => readonly ExperimentFlag[];
  readonly #at: RowConfigurations;
  readonly #judges: readonly FlagJudge[];
  readonly #values: readonly VariationValues[];
  readonly #units: readonly ReturnType<typeof unitsFrom>[];
  /** Variations that were checked, by flag or experiment. */
  readonly #checked = new Map<string, Set<string>>();
  readonly #names: VariationNames;
  readonly hints: SubjectHints = new SubjectHints();
  #valueProblem: string | null = null;

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
    this.#flagsOf = (experiment, timeMs) => {
      const own = timeMs === undefined ? [] : named[at.indexAt(timeMs)]?.flagsOf(experiment);
      return own?.length ? own : named.flatMap((it) => it.flagsOf(experiment));
    };
    const read = { options: options.readingOptions, reading: options.reading };
    this.#names = new VariationNames(this.#flagsOf, (it) => variationOptions(it, read));
    this.#at = at;
    this.#judges = configurations.map((it) => new FlagJudge(it, judge));
    this.#values = configurations.map((it) => new VariationValues(it, options.dialect));
    this.#units = configurations.map((it) => unitsFrom(it, options.dialect));
  }

  /** Says that rows name a variation by its value instead of its key; `null` if none does. */
  get valueProblem(): string | null {
    return this.#valueProblem;
  }

  /** @throws UsageError if rows could not be read, because they do not show how they name variations. */
  checkRead(): void {
    this.#names.checkDecided();
  }

  /** Reads the exposures in records, in order. */
  read(records: FileRecords, take: (exposure: ExposureRow, place: Place) => void): void {
    const { flags, sample } = this.#options;
    for (const row of rowsOf(records)) {
      this.#bad.countRow();
      for (const exposure of this.#exposuresIn(row)) {
        if (!isSampled(exposure.subject, sample)) this.#bad.countUnsampled();
        else if (flags?.hasExposure(exposure, this.#flagsOf) !== false) {
          const exact = this.#exact(this.#withUnits(exposure), row);
          if (exact === null) continue;
          this.#noteValue(exact);
          if (exact.count === null) this.hints.note(exact.subject);
          for (const [usable, place] of this.#names.add(exact, row)) take(usable, place);
        }
      }
    }
  }

  /** Notes a variation that is not a key, but the value of a variation. */
  #noteValue(row: ExposureRow): void {
    const { experiment, flag, isIndex, variation } = row;
    if (this.#valueProblem !== null || variation === null) return;
    const name = flag ?? `${experiment}`;
    const checked = this.#checked.get(name) ?? new Set();
    if (checked.has(variation)) return;
    this.#checked.set(name, checked.add(variation));
    if (isIndex !== false && experiment !== null && /^\d+$/.test(variation)) return;
    if (variation === this.#options.dialect.judge.noVariation) return;
    const values = this.#valuesAt(row);
    if (this.#flagsIn(row).some((it) => values?.hasKey(it, variation))) return;
    const keys = this.#keysOf(row, variation);
    if (keys.length === 0) return;
    const noun = keys.length === 1 ? "the variation" : "the variations";
    this.#valueProblem = `${name}: ${JSON.stringify(variation)} is not the key of a variation, but the value of ${noun} ${keys.join(", ")}`;
  }

  /** The keys of the variations with a value, in the first flag of the row that has such a variation. */
  #keysOf(row: ExposureRow, value: unknown): readonly string[] {
    const values = this.#valuesAt(row);
    const keys = this.#flagsIn(row).map((it) => values?.keysOf(it, value) ?? []);
    return keys.find((it) => it.length > 0) ?? [];
  }

  #valuesAt({ timeMs }: ExposureRow): VariationValues | undefined {
    return this.#values[this.#at.indexAt(timeMs)];
  }

  #flagsIn({ experiment, flag }: ExposureRow): readonly string[] {
    return flag === null ? this.#flagsOf(`${experiment}`).map((it) => it.flag) : [flag];
  }

  /** Adds the attributes that the column of the subjects contains. */
  #withUnits(row: ExposureRow): ExposureRow {
    return this.#units[this.#at.indexAt(row.timeMs)]?.(row, this.#flagsIn(row)) ?? row;
  }

  /** Replaces the value of a variation with its key. @throws RequestError if several variations have it. */
  #withKey(row: ExposureRow): ExposureRow {
    const { variationValue: value } = row;
    if (value === undefined) return row;
    if (value === null || value === "") return { ...row, variation: null };
    const text = typeof value === "string" ? value : JSON.stringify(roundedValue(value));
    const [key = text, ...others] = this.#keysOf(row, value);
    if (others.length === 0) return { ...row, variation: key };
    const several = [key, ...others].join(" and ");
    throw new RequestError(
      "variation",
      `several variations have the logged value: ${several}. Export the key of the variation instead`,
    );
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
  #roundedIn(exposure: ExposureRow): string | null {
    const { attributes, count, ...row } = exposure;
    const asked = this.#options.attributes ?? [];
    const counted = asked.find((name) => hasBigInt(attributeValue(attributes, name)));
    if (counted !== undefined || count !== null) return counted ?? null;
    const subject = { key: row.isAnonymous ? "" : row.subject, attributes };
    const judge = this.#judges[this.#at.indexAt(row.timeMs)];
    const found = this.#flagsIn(exposure).map(
      (it) => judge?.roundedIn(it, subject, row.timeMs) ?? null,
    );
    return found.find((it) => it !== null) ?? null;
  }

  #exposuresIn(row: Row): readonly ExposureRow[] {
    if (row.problem !== null) {
      this.#bad.note(row, row.problem);
      return [];
    }
    const { reading } = this.#options;
    try {
      const read = readExposures(row.fields, reading);
      const exposures = reading.map === null ? read : read.map((it) => this.#withKey(it));
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
