import { RequestError, ShapeError } from "../evaluate/request.js";
import type { BadLines } from "../rows/bad-lines.js";
import type { Place } from "../rows/place.js";
import type { Row } from "../rows/row.js";
import type { ExposureRow } from "./exposure-row.js";
import { retyped } from "./lost-types.js";
import { type ExposureReading, readExposures } from "./read-exposure.js";

/**
 * Reads the exposures in rows, in order. Other rows, such as page views, are skipped.
 *
 * @param notes - records the rows that cannot be read.
 */
export function forEachExposure(
  rows: Iterable<Row>,
  reading: ExposureReading,
  notes: BadLines,
  take: (exposure: ExposureRow, place: Place) => void,
): void {
  for (const row of rows) {
    notes.countRow();
    const { fields, problem } = row;
    if (problem !== null) {
      notes.note(row, problem);
      continue;
    }
    let exposures: readonly ExposureRow[];
    try {
      exposures = readExposures(fields, reading);
      if (row.isText) exposures = exposures.map((it) => withRetyped(it, reading));
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (error instanceof ShapeError) notes.noteShape(row, error.message);
      else notes.note(row, error.message);
      continue;
    }
    for (const exposure of exposures) take(exposure, row);
  }
}

function withRetyped(exposure: ExposureRow, { untyped }: ExposureReading): ExposureRow {
  if (untyped.size === 0) return exposure;
  return { ...exposure, retyped: retyped(exposure.attributes, untyped) };
}
