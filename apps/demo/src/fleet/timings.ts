/** Timings of the demo's fleet. They are shorter than the defaults, so that the demo takes seconds. */
export const TIMINGS = {
  pollIntervalMs: 2_000,
  commandTimeoutMs: 300,
  connectTimeoutMs: 1_000,
  timings: { leaseMs: 1_000, tickMs: 500, claimMs: 1_000, directAfterMs: 2_000 },
} as const;

/** Bounds of the fleet's guarantees (`docs/spec/redis.md` §1) at these timings. */
export const BOUNDS = {
  /** G2: from SIGKILL of the leader until there is another one. A lease and a tick. */
  failOverMs: 1_500,
  /** G4: from the vendor's response to the last worker, through Redis. */
  propagationMs: 250,
  /**
   * G8: from a change to the last worker without Redis. `directAfterMs`, two intervals because polls are spread, and a second
   * because eight processes load their HTTP client at the same time.
   */
  directMs: 7_000,
  /** G7: from the restart of an empty Redis until all workers have one revision and one leader. An interval and a tick. */
  restoredMs: 2_500,
} as const;
