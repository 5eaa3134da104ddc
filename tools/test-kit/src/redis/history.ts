/** What one worker evaluated from some moment on. Times are those of `machineMs`. */
export interface Served {
  readonly atMs: number;
  /** Version of the content; `null`: none yet. */
  readonly version: number | null;
  /** The version that another flag of the same content has. */
  readonly echo: number | null;
  /** Revision in Redis; `null`: fetched directly, or none yet. */
  readonly revision: number | null;
}

/** One worker process, from start to end. */
export interface WorkerHistory {
  readonly id: string;
  readonly served: readonly Served[];
  /** Faults that the process reported: unhandled rejections, warnings, output on stdout. */
  readonly faults: readonly string[];
  /** At the end of the run; `null`: it was ended before. */
  readonly final: { readonly role: string } | null;
}

/** What Redis had stored from some moment on; `null`: nothing. */
export interface Stored {
  readonly atMs: number;
  /**
   * Names the data that was looked at. It differs after a fail-over to a replica, and after a server took the
   * data of another one: only then may the latest writes be missing. Absent: the same data all the time.
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
  /** The vendor's version at the end, after one more change. */
  readonly finalVersion: number;
  /** Role that exactly one worker has at the end; `null`: any roles. */
  readonly soleRole: string | null;
}
