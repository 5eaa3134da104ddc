import { RequestError } from "../evaluate/request.js";
import type { LineNotes } from "../rows/bad-lines.js";
import type { Row } from "../rows/row.js";
import type { ExposureRow } from "./exposure-row.js";
import { type ExposureReading, readExposure } from "./read-exposure.js";

/**
 * Reads the exposures among rows, in their order. Rows that are something else, such as page views, are left out.
 *
 * @param notes - get the rows that cannot be read.
 */
export function forEachExposure(
  rows: Iterable<Row>,
  reading: ExposureReading,
  notes: LineNotes,
  take: (exposure: ExposureRow, line: number) => void,
): void {
  for (const { fields, line, problem } of rows) {
    if (problem !== null) {
      notes.note(line, problem);
      continue;
    }
    let exposure: ExposureRow | null;
    try {
      exposure = readExposure(fields, reading);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      notes.note(line, error.message);
      continue;
    }
    if (exposure !== null) take(exposure, line);
  }
}
