import type { DiffContext } from "../diff/diff-work.js";
import { KnownSubjects } from "../diff/known-subjects.js";
import { mappedSubject, type SubjectReading } from "../diff/mapped-subject.js";
import type { DiffOptions } from "../diff/options.js";
import { forEachSubject, type SubjectReader } from "../diff/subject-rows.js";
import type { ColumnMap } from "../events/column-map.js";
import type { SeenColumns } from "../events/seen-columns.js";
import { attributeReadingOf, UNCHANGED } from "../events/table-attributes.js";
import type { JudgedSubject } from "../judge/flag-judge.js";
import type { NamedConfiguration } from "../judge/wanted-flags.js";
import type { FileRecords } from "../rows/parse-row.js";
import { ComparedPair } from "./compared-pair.js";
import { ComparedSide } from "./compared-side.js";
import { DifferenceTally } from "./difference-tally.js";
import { type LoneFlag, pairFlags } from "./flag-pairs.js";
import { SubjectNames } from "./subject-names.js";
import type { VendorMap } from "./vendor-map.js";

/** Two configurations of different dialects, ready to be compared. */
export interface VendorsWork {
  readonly sides: readonly [ComparedSide, ComparedSide];
  readonly pairs: readonly CountedPair[];
  readonly lone: readonly LoneFlag[];
  readonly subjects: KnownSubjects;
  /** The time of the evaluations, epoch ms. */
  readonly nowMs: number;
  /** @param watch - called with each subject. */
  read(records: FileRecords, watch: (subject: JudgedSubject) => void): void;
}

/** A pair of flags and the counts of its subjects. */
export interface CountedPair {
  readonly pair: ComparedPair;
  readonly tally: DifferenceTally;
}

/**
 * Opens both configurations and pairs their flags.
 *
 * @throws UsageError, FileError
 */
export async function openVendorsWork(
  options: DiffOptions,
  map: VendorMap,
  { bad, seen, warn }: DiffContext,
): Promise<VendorsWork> {
  const nowMs = options.nowMs ?? Date.now();
  const sides = [
    await ComparedSide.open(options, nowMs, warn),
    await ComparedSide.open(options.newSide, nowMs, warn),
  ] as const;
  const names = new SubjectNames(map);
  const [old, now] = sides.map(({ configuration, dialect: { explainer } }) => {
    return { configuration, explainer };
  }) as [NamedConfiguration, NamedConfiguration]; // one for each side
  const found = pairFlags([old, now], map, options.flags?.keysIn([old, now]) ?? null);
  const absent = options.subjectsPath === null ? null : options.absent;
  const pairs = found.pairs.map((flags) => {
    const pair = new ComparedPair(flags, { sides, map, names, nowMs, absent });
    return { pair, tally: new DifferenceTally(pair.attributes, pair.candidates) };
  });
  const reading = subjectReadingOf(map.columns, sides, names, seen);
  const ways: SubjectReader["ways"] =
    reading === null
      ? sides.map(
          ({ dialect: { judge } }) =>
            (fields) =>
              judge.subjectOf(fields),
        )
      : [(fields, isText) => mappedSubject(fields, reading, isText)];
  const roundedIn = (subject: JudgedSubject): string | null => {
    const found = [names.roundedKey(subject), ...pairs.map(({ pair }) => pair.roundedIn(subject))];
    return found.find((it) => it !== null) ?? null;
  };
  const subjects = new KnownSubjects();
  const reader = { ways, sample: options.sample, bad, known: subjects, roundedIn };
  return {
    sides,
    pairs,
    lone: found.lone,
    subjects,
    nowMs,
    read(records, watch) {
      forEachSubject(records, reader, (subject, place) => {
        watch(subject);
        for (const { pair, tally } of pairs) pair.addTo(tally, { subject, oddness: 0 }, place);
      });
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
  const readings = sides.map(({ configuration, dialect }, i) => {
    const nameOf = (name: string): string => (i === 0 ? name : names.oldName(name));
    return attributeReadingOf(dialect.judge, [configuration], map, nameOf);
  });
  return {
    ...{ ...UNCHANGED, map, seen },
    types: new Map(readings.flatMap((it) => [...it.types])),
    untyped: new Set(readings.flatMap((it) => [...it.untyped])),
  };
}
