/** A worker's report to the demo. It is sent twice a second and after each change. */
export interface WorkerReport {
  /** Role from `fleet.status`: `leader`, `follower`, `direct`, … */
  readonly role: string;
  /** Revision of the fleet; `null` if the worker has no configuration, or has fetched it on its own. */
  readonly revision: number | null;
  readonly ageMs: number | null;
  /** The release that it serves; 0 before the first one. */
  readonly release: number;
  /** Requests that it sent to the vendor itself. */
  readonly requests: number;
}
