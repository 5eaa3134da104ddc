import type { RecordBatch, RecordInput } from "../rows/open-records.js";
import { parseRow } from "../rows/parse-row.js";
import type { RawRecord, RowFormat } from "../rows/record.js";
import type { Row } from "../rows/row.js";
import type { RowWork } from "./row-work.js";

/**
 * Makes the parts of an input, and takes them in its order.
 *
 * @param take - the next part comes when it has returned, or its promise is fulfilled.
 * @throws FileError if the input cannot be read.
 */
export async function forEachPart<Part>(
  { batches }: RecordInput,
  work: RowWork<Part>,
  take: (part: Part) => void | Promise<void>,
): Promise<void> {
  for await (const { format, records } of batches) await take(work.part(rowsOf(records, format)));
}

/** The rows of records, blank lines left out. */
export function* rowsOf(
  records: Iterable<RawRecord>,
  format: RecordBatch["format"],
): Generator<Row, void> {
  const known: RowFormat = format ?? { kind: "ndjson" }; // of a record without bytes it does not matter
  for (const record of records) {
    const row = parseRow(record, known);
    if (row !== null) yield row;
  }
}
