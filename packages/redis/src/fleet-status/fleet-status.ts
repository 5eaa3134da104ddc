/** The worker that holds the lease of a fleet. */
export interface FleetLeader {
  /** Id of the worker. */
  readonly worker: string;
  /** Remaining time of the lease unless it is renewed, ms. */
  readonly leaseMs: number;
}

/** The stored configuration, without its contents. */
export interface FleetConfiguration {
  readonly revision: string;
  /** SHA-256 of all parts, hex. */
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
  /** Stored size, possibly compressed. */
  readonly storedBytes: number;
}

/** The last completed poll, and the next one. */
export interface FleetPoll {
  /** Time since the start of the last successful poll. `null`: none. */
  readonly okAgeMs: number | null;
  /** Time until the next poll, or until the claim of a running poll expires. Negative: overdue. */
  readonly dueInMs: number | null;
  /** `ok`, `origin-error`, `unauthorized`, `rate-limited`, `too-large` or `out-of-memory`. */
  readonly outcome: string;
  /** HTTP status. `null`: the outcome has none. */
  readonly status: number | null;
  /** Consecutive failures. */
  readonly failures: number;
}

/** A source (a vendor's key and host) whose processes use the namespace, or did. */
export interface FleetSource {
  /** 12 hex digits of a hash of the source. `<namespace>-<source>` is the namespace of its configuration. */
  readonly source: string;
  /** Time since one of its processes last noted it, once a minute, ms. */
  readonly ageMs: number;
  /** Whether it has processes. */
  readonly isAlive: boolean;
}

/** Entries of the outbox. */
export interface FleetOutbox {
  /** Entries that are not delivered yet, including pending ones. */
  readonly length: number;
  /** Entries that a worker has received and not acknowledged. */
  readonly pending: number;
  /** Entries in the dead stream, which the logger did not accept. */
  readonly dead: number;
}

/** An outbox by its name. */
export interface FleetNamedOutbox extends FleetOutbox {
  /** The option `name` of the outbox. */
  readonly name: string;
  /** Processes that deliver its entries. If there are none, the entries stay. */
  readonly consumers: number;
}

/** The state of a fleet as stored in Redis. */
export interface FleetStatus {
  readonly namespace: string;
  readonly prefix: string;
  /**
   * `mixed`: processes of two sources have used the namespace for ten minutes, which is probably a
   * mistake. `overdue`: no worker polls. `empty`: no configuration is stored.
   */
  readonly health: "healthy" | "mixed" | "overdue" | "empty";
  /**
   * The sources of the namespace, the latest first. Leader, configuration and polls are those of the
   * first one. To read another one, read the namespace `<namespace>-<source>`.
   */
  readonly sources: readonly FleetSource[];
  /**
   * Role of the server that was read. The data of a replica may be old, above all if it is cut off
   * from its primary. `null`: a Cluster, or the user may not query this.
   */
  readonly server: "primary" | "replica" | "cut-off-replica" | null;
  /**
   * Policies by which the primaries evict keys, such as `volatile-lru`. Empty: they evict none. `null`: the user may not
   * query this.
   */
  readonly eviction: readonly string[] | null;
  /** The current holder of the lease. `null`: none. */
  readonly leader: FleetLeader | null;
  /** The latest acquisition of the lease. */
  readonly fence: { readonly n: string; readonly worker: string } | null;
  readonly configuration: FleetConfiguration | null;
  /** `null`: no worker has polled yet. */
  readonly poll: FleetPoll | null;
  /** Workers that receive push messages. `null`: the user may not query this. */
  readonly subscribers: number | null;
  /** The outbox with the default name. `null`: the user may not query this. */
  readonly outbox: FleetOutbox | null;
  /**
   * All outboxes of the namespace that ever stored exposures, also those that no process opens any
   * more. `null`: the user may not query this.
   */
  readonly outboxes: readonly FleetNamedOutbox[] | null;
}
