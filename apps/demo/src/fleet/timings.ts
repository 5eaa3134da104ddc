/** Timings of the demo's fleet: the defaults are for hours, these show the same within seconds. */
export const TIMINGS = {
  pollIntervalMs: 2_000,
  leaseMs: 1_000,
  tickMs: 500,
  claimMs: 1_000,
  commandTimeoutMs: 300,
  connectTimeoutMs: 1_000,
  directAfterMs: 2_000,
} as const;

/** Bounds of the fleet's guarantees (`docs/spec/redis.md` §1) at these timings. */
export const BOUNDS = {
  /** G2: from SIGKILL of the leader until there is another one: a lease and a tick. */
  failOverMs: 1_500,
  /** G4: from the answer of the vendor to the last worker, through Redis. */
  propagationMs: 250,
  /**
   * G8: from a change to the last worker without Redis: `directAfterMs` and two intervals, since looks are
   * spread; and a second for eight processes that load their HTTP client at the same time.
   */
  directMs: 7_000,
  /** G7: from Redis back, and empty, until all have one revision and one leader: an interval and a tick. */
  restoredMs: 2_500,
} as const;
