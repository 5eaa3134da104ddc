import type { CliDialect } from "../dialects/dialect.js";
import type { DiffContext } from "../diff/diff-work.js";
import { mappedSubject, type SubjectReading } from "../diff/mapped-subject.js";
import { type JsonObject, RequestError } from "../evaluate/request.js";
import type { ColumnMap } from "../events/column-map.js";
import type { SeenColumns } from "../events/seen-columns.js";
import { attributeReadingOf, UNCHANGED } from "../events/table-attributes.js";
import type { JudgedSubject } from "../judge/flag-judge.js";
import { isSampled, type Sample } from "../keys/sample.js";
import { type FileRecords, rowsOf } from "../rows/parse-row.js";
import { ComparedPair } from "./compared-pair.js";
import { ComparedSide, type PlannedSide } from "./compared-side.js";
import { DifferenceTally } from "./difference-tally.js";
import { type LoneFlag, pairFlags } from "./flag-pairs.js";
import { SubjectNames } from "./subject-names.js";
import type { VendorMap } from "./vendor-map.js";

/** What to compare. */
export interface BetweenPlan {
  /** The old and the new configuration. */
  readonly sides: readonly [PlannedSide, PlannedSide];
  readonly map: VendorMap;
  readonly columns: ColumnMap | null;
  /** Keys of flags to compare; `null`: all flags. */
  readonly flags: readonly string[] | null;
  /** The subjects to evaluate; `null`: all subjects. */
  readonly sample: Sample | null;
  readonly nowMs: number;
}

/** Two configurations of different dialects, ready to be compared. */
export interface BetweenWork {
  /** The counts of all pairs, in the order of the pairs. */
  readonly tallies: readonly DifferenceTally[];
  /** Number of subjects that were read. */
  readonly subjects: number;
  read(records: FileRecords): void;
  readonly sides: readonly [ComparedSide, ComparedSide];
  readonly pairs: readonly ComparedPair[];
  readonly lone: readonly LoneFlag[];
}

/**
 * Opens both configurations and pairs their flags.
 *
 * @throws UsageError, FileError
 */
export async function openBetweenWork(
  { columns, flags, map, nowMs, sample, sides: [old, now] }: BetweenPlan,
  [oldDialect, newDialect]: readonly [CliDialect, CliDialect],
  { bad, seen, warn }: DiffContext,
): Promise<BetweenWork> {
  const sides = [
    await ComparedSide.open(old, oldDialect, nowMs, warn),
    await ComparedSide.open(now, newDialect, nowMs, warn),
  ] as const;
  const names = new SubjectNames(map);
  const named = sides.map(({ configuration, dialect: { explainer } }) => {
    return { configuration, explainer };
  });
  const { lone, pairs } = pairFlags([named[0] as never, named[1] as never], map, flags); // one for each side
  const compared = pairs.map((pair) => new ComparedPair(pair, { sides, map, names, nowMs }));
  const tallies = compared.map(() => new DifferenceTally());
  let subjects = 0;
  const reading = subjectReadingOf(columns, sides, names, seen);
  return {
    sides,
    pairs: compared,
    lone,
    tallies,
    get subjects() {
      return subjects;
    },
    read(records) {
      for (const row of rowsOf(records)) {
        bad.countRow();
        if (row.problem !== null) {
          bad.note(row, row.problem);
          continue;
        }
        const subject = subjectIn(row.fields, sides, reading);
        if (typeof subject === "string") {
          bad.note(row, subject);
          continue;
        }
        if (!isSampled(subject.key || JSON.stringify(subject.attributes), sample)) {
          bad.countUnsampled();
          continue;
        }
        subjects += 1;
        for (const [i, pair] of compared.entries()) {
          pair.addTo(tallies[i] as DifferenceTally, { subject, oddness: 0 }, row); // one for each pair
        }
      }
    },
  };
}

/** Returns how the map's columns are read, or `null` if rows have the dialects' own format. */
function subjectReadingOf(
  map: ColumnMap | null,
  sides: readonly ComparedSide[],
  names: SubjectNames,
  seen: SeenColumns,
): SubjectReading | null {
  if (map === null) return null;
  const types = sides.flatMap(({ configuration, dialect }, i) => {
    const reading = attributeReadingOf(dialect.judge, [configuration], map);
    return [...reading.types].map(([name, type]) => {
      return [i === 0 ? name : names.oldName(name), type] as const;
    });
  });
  return { ...UNCHANGED, map, seen, types: new Map(types) };
}

/** The subject of a row in the format of either dialect, or a string with the reason why it cannot be read. */
function subjectIn(
  fields: JsonObject,
  sides: readonly ComparedSide[],
  reading: SubjectReading | null,
): JudgedSubject | string {
  const readers =
    reading === null
      ? sides.map(
          ({ dialect }) =>
            () =>
              dialect.judge.subjectOf(fields),
        )
      : [() => mappedSubject(fields, reading)];
  let problem: string | null = null;
  for (const read of readers) {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      problem ??= error.message;
    }
  }
  return problem ?? "the row has no subject";
}
