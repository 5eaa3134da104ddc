import { RequestError } from "../evaluate/request.js";
import type { BadLines } from "../rows/bad-lines.js";
import type { RowInput } from "../rows/read-rows.js";
import type { ExposureRow } from "./exposure-row.js";
import { type ExposureReading, readExposure } from "./read-exposure.js";

/** How many rows an input had. */
export interface RowCounts {
  readonly exposures: number;
  /** Rows that are something else, such as page views. */
  readonly others: number;
}

/**
 * Reads the exposures of an input, in its order. Lines that cannot be read are noted.
 *
 * @param afterBatch - called after each piece of the input; the next one is read when it resolves.
 * @throws FileError if the input cannot be read.
 */
export async function forEachExposure(
  { batches }: RowInput,
  reading: ExposureReading,
  bad: BadLines,
  take: (exposure: ExposureRow, line: number) => void,
  afterBatch: () => Promise<void> = async () => {},
): Promise<RowCounts> {
  let exposures = 0;
  let others = 0;
  for await (const batch of batches) {
    for (const { fields, line, problem } of batch) {
      if (problem !== null) {
        bad.note(line, problem);
        continue;
      }
      let exposure: ExposureRow | null;
      try {
        exposure = readExposure(fields, reading);
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        bad.note(line, error.message);
        continue;
      }
      if (exposure === null) others += 1;
      else {
        exposures += 1;
        take(exposure, line);
      }
    }
    await afterBatch();
  }
  return { exposures, others };
}
