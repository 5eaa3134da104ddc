/** What a worker tells the demo, whenever something changed and twice a second. */
export interface WorkerReport {
  /** As `fleet.status` has it: `leader`, `follower`, `direct`, … */
  readonly role: string;
  /** Revision of the fleet; `null` with content that it fetched itself, or without any. */
  readonly revision: number | null;
  readonly ageMs: number | null;
  /** The release that it serves; 0: none yet. */
  readonly release: number;
  /** Requests that it sent to the vendor itself. */
  readonly requests: number;
}
