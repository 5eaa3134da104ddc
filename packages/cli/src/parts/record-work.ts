import type { FileRecords } from "../rows/parse-row.js";

/** The work of a command, in a form that can be sent to another thread, which opens it by the command's name. */
export interface WorkPlan {
  readonly command: string;
}

/** Processes the records of an input in independent parts. */
export interface RecordWork<Part> {
  part(records: FileRecords): Part;
}
