import type { StickyAssignmentsDocument } from "../wire.js";

/** The sticky buckets of a user. */
export interface StickyBuckets {
  /** Documents by `name||value`. An evaluation also writes its own documents here. */
  readonly docs: Record<string, StickyAssignmentsDocument>;
  /** Saves a changed document. Must not throw. */
  save(doc: StickyAssignmentsDocument): void;
}
