import type { StickyAssignmentsDocument } from "../wire.js";

/** The sticky buckets of a user. */
export interface StickyBuckets {
  /** By `name||value`. What an evaluation saves is put here at once. */
  readonly docs: Record<string, StickyAssignmentsDocument>;
  /** Saves a document that has changed. Must not throw. */
  save(doc: StickyAssignmentsDocument): void;
}
