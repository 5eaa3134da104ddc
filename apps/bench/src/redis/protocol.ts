/** Timing options of a fleet. */
export interface FleetTimings {
  readonly pollIntervalMs: number;
  readonly tickMs?: number;
  readonly pubsub?: boolean;
}

/** URLs of the servers. Their process replies to each request for a change with the new version. */
export interface Servers {
  readonly redisUrl: string;
  readonly vendorUrl: string;
}

export interface WorkerSetup extends Servers {
  readonly timings: FleetTimings;
}

/** A worker's message when it serves another version. Times come from {@link machineMs}. */
export interface WorkerReport {
  readonly version: number;
  readonly atMs: number;
}

export const NAMESPACE = "bench";

/** Reads a clock that all processes of a machine share, ms. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
