/** The worker that holds the lease of a fleet. */
export interface FleetLeader {
  /** Id of the worker. */
  readonly worker: string;
  /** How long its lease lasts unless renewed, ms. */
  readonly leaseMs: number;
}

/** The stored configuration, without its content. */
export interface FleetConfiguration {
  readonly revision: string;
  /** Hex SHA-256 of all parts. */
  readonly sha: string;
  readonly dialect: string;
  /** Version of the package that published it. */
  readonly publishedBy: string;
  readonly parts: readonly FleetPart[];
  /** Names of optional parts that are too large to be stored. */
  readonly omitted: readonly string[];
}

/** A part of the stored configuration. */
export interface FleetPart {
  readonly name: string;
  readonly sizeBytes: number;
  /** As stored, possibly compressed. */
  readonly storedBytes: number;
}

/** The last settled poll, and the next one. */
export interface FleetPoll {
  /** Time since the beginning of the last good poll; `null` without one. */
  readonly okAgeMs: number | null;
  /** Time until the next one, or until the claim of a running one ends; negative: overdue. */
  readonly dueInMs: number | null;
  /** `ok`, `origin-error`, `unauthorized`, `rate-limited`, `too-large` or `out-of-memory`. */
  readonly outcome: string;
  /** HTTP status, if the outcome has one. */
  readonly status: number | null;
  /** Failures in a row. */
  readonly failures: number;
}

/** Entries of the outbox. */
export interface FleetOutbox {
  /** Entries that are not delivered yet, pending ones included. */
  readonly length: number;
  /** Entries that were handed to a worker, and are not acknowledged. */
  readonly pending: number;
  /** Entries that no logger accepted. */
  readonly dead: number;
}

/** The state of a fleet as Redis has it. */
export interface FleetStatus {
  readonly namespace: string;
  readonly prefix: string;
  /** `overdue`: no worker polls. `empty`: no configuration is stored. */
  readonly health: "healthy" | "overdue" | "empty";
  /** `null`: no worker holds the lease now. */
  readonly leader: FleetLeader | null;
  /** The latest acquisition of the lease. */
  readonly fence: { readonly n: string; readonly worker: string } | null;
  readonly configuration: FleetConfiguration | null;
  /** `null`: no worker has polled. */
  readonly poll: FleetPoll | null;
  /** Workers that receive changes by messages; `null`: this user may not ask. */
  readonly subscribers: number | null;
  /** `null`: this user may not ask. */
  readonly outbox: FleetOutbox | null;
}
