/** Options of the fleet that a process belongs to. */
export interface FleetTimings {
  readonly pollIntervalMs: number;
  readonly tickMs?: number;
  readonly pubsub?: boolean;
}

/** Where the servers are. Their process answers each request for a change with the version. */
export interface Servers {
  readonly redisUrl: string;
  readonly vendorUrl: string;
}

export interface WorkerSetup extends Servers {
  readonly timings: FleetTimings;
}

/** A worker's message when it serves another version. Times are of {@link machineMs}. */
export interface WorkerReport {
  readonly version: number;
  readonly atMs: number;
}

export const NAMESPACE = "bench";

/** A clock that processes of one machine share, ms. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
