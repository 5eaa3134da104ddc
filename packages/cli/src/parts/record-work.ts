import type { FileRecords } from "../rows/parse-row.js";

/** The work of a command, in a form that can be handed over to another thread, which opens it by the name of the command. */
export interface WorkPlan {
  readonly command: string;
}

/** Makes something of the records of an input, piece by piece. It knows nothing of other pieces. */
export interface RecordWork<Part> {
  part(records: FileRecords): Part;
}
