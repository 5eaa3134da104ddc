/** What one worker served from a moment on. Times are those of `machineMs`. */
export interface Served {
  readonly atMs: number;
  /** Version of the content. `null`: none yet. */
  readonly version: number | null;
  /** Version according to another flag of the same content. */
  readonly echo: number | null;
  /** Revision in Redis. `null`: fetched directly, or none yet. */
  readonly revision: number | null;
}

/** One worker process from its start to its end. */
export interface WorkerHistory {
  readonly id: string;
  readonly served: readonly Served[];
  /** Faults reported by the process: unhandled rejections, warnings, output on stdout. */
  readonly faults: readonly string[];
  /** State at the end of the run. `null`: the worker ended before. */
  readonly final: { readonly role: string } | null;
}

/** What Redis stored from a moment on. `null`: nothing. */
export interface Stored {
  readonly atMs: number;
  /**
   * Identifies the data that was read. It changes after a failover to a replica, and when a server
   * copies another one's data. Only then may the latest writes be missing. Absent: it never
   * changes.
   */
  readonly data?: string;
  readonly config: {
    readonly revision: number;
    readonly fence: number;
    readonly sha: string;
  } | null;
}

/** The record of one run. */
export interface History {
  readonly workers: readonly WorkerHistory[];
  readonly stored: readonly Stored[];
  /** Version of the vendor at the end, after one more change. */
  readonly finalVersion: number;
  /** Role that exactly one worker has at the end. `null`: any roles. */
  readonly soleRole: string | null;
}
