import { hasBigInt, rounded, tooLarge } from "../evaluate/exact-json.js";
import { type JsonObject, RequestError, ShapeError } from "../evaluate/request.js";
import type { JudgedSubject } from "../judge/flag-judge.js";
import { isSampled, type Sample } from "../keys/sample.js";
import type { BadLines } from "../rows/bad-lines.js";
import { type FileRecords, rowsOf } from "../rows/parse-row.js";
import type { Place } from "../rows/place.js";
import type { Row } from "../rows/row.js";
import type { KnownSubjects } from "./known-subjects.js";

/** How rows become subjects. */
export interface SubjectReader {
  /**
   * Ways to read a subject. The first one that succeeds is used. Each throws a `RequestError` if it does not fit the
   * row.
   */
  readonly ways: readonly ((fields: JsonObject, isText: boolean) => JudgedSubject)[];
  /** The subjects to read; `null`: all subjects. */
  readonly sample: Sample | null;
  readonly bad: BadLines;
  readonly known: KnownSubjects;
  /** The attribute of a `bigint` that a flag reads; `null` if there is none. */
  roundedIn(subject: JudgedSubject): string | null;
}

/** Reads the distinct subjects in records, in order. */
export function forEachSubject(
  records: FileRecords,
  reader: SubjectReader,
  take: (subject: JudgedSubject, place: Place) => void,
): void {
  const { bad, known, sample } = reader;
  for (const row of rowsOf(records)) {
    bad.countRow();
    const subject = subjectOf(row, reader);
    if (subject === null) continue;
    if (!isSampled(nameOf(subject), sample)) bad.countUnsampled();
    else if (known.add(subject)) take(subject, row);
  }
}

/**
 * Rounds large integers that no flag reads.
 *
 * @throws RequestError for one that a flag reads.
 */
function exact(subject: JudgedSubject, { roundedIn }: SubjectReader): JudgedSubject {
  if (!hasBigInt(subject.attributes)) return subject;
  const name = roundedIn(subject);
  if (name !== null) throw tooLarge(name);
  return { ...subject, attributes: rounded(subject.attributes) };
}

/** The string to sample a subject by: its key, or its attributes if it has no key and flags hash an attribute. */
function nameOf({ attributes, key }: JudgedSubject): string {
  return key === "" ? JSON.stringify(attributes) : key;
}

function subjectOf(row: Row, reader: SubjectReader): JudgedSubject | null {
  const { bad, ways } = reader;
  if (row.problem !== null) {
    bad.note(row, row.problem);
    return null;
  }
  let problem: RequestError | null = null;
  for (const read of ways) {
    try {
      return exact(read(row.fields, row.isText === true), reader);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      problem ??= error;
    }
  }
  const { message } = problem as RequestError; // there is at least one way
  if (problem instanceof ShapeError) bad.noteShape(row, message);
  else bad.note(row, message);
  return null;
}
