import type { FileRecords } from "../rows/parse-row.js";

/** Makes something of the records of an input, piece by piece. It knows nothing of other pieces. */
export interface RecordWork<Part> {
  part(records: FileRecords): Part;
}
