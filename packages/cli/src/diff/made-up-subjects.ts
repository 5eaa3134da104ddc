import type { RecordBatch } from "../rows/open-records.js";

/** Number of keys that `diff` evaluates if no subjects are given and shares do not follow from ranges. */
const MADE_UP = 100_000;
/** Number of keys in a batch. */
const TOGETHER = 1_000;

/** Generates subjects with made-up keys and without attributes, as NDJSON rows. */
export async function* madeUpSubjects(): AsyncGenerator<RecordBatch, void> {
  for (let from = 0; from < MADE_UP; from += TOGETHER) {
    const rows = Array.from({ length: TOGETHER }, (_, i) => `{"subjectKey":"key-${from + i}"}`);
    const bytes = Buffer.from(rows.join("\n"));
    yield {
      format: { kind: "ndjson" },
      file: null,
      records: [{ line: from + 1, bytes, rows: TOGETHER, problem: null }],
      readPart: from / MADE_UP,
    };
  }
}
