export { createReader, type Reader, type Value, type Widened } from "./reader/reader.js";
export type { Snapshot } from "./reader/snapshot.js";
