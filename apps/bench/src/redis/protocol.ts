import type { FleetPayload } from "./payload.js";

/** Options of the fleet that a process belongs to; the others are left at their defaults. */
export interface FleetTimings {
  readonly pollIntervalMs: number;
  readonly leaseMs: number;
  readonly overdueAfterMs: number;
  readonly tickMs?: number;
  readonly pubsub?: boolean;
}

/** What the process of the servers is told at its start. */
export interface ServersSetup {
  readonly payload: FleetPayload;
}

/** What it answers: first where they are, then after each change the version. */
export type ServersReply =
  | { readonly kind: "ready"; readonly redisUrl: string; readonly vendorUrl: string }
  | { readonly kind: "changed"; readonly version: number };

/** What a worker is told at its start. */
export interface WorkerSetup {
  readonly redisUrl: string;
  readonly vendorUrl: string;
  readonly timings: FleetTimings;
}

/** What a worker says when it serves another version. Times are of {@link machineMs}. */
export interface WorkerReport {
  readonly version: number;
  readonly atMs: number;
}

/** The namespace of all fleets here. */
export const NAMESPACE = "bench";

/** A clock that processes of one machine share, ms. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
