import { setTimeout as delay } from "node:timers/promises";
import type { VendorRequest } from "@sortition/test-kit/redis";

const SAMPLE_MS = 20;
/** Added to limits even on a quiet machine. */
const QUIET_MS = 250;
/**
 * If a timer of this process is late, the processes of the fleet are late, too, several of them in
 * sequence.
 */
const LATE_PROCESSES = 4;

const lags: { readonly atMs: number; readonly ms: number }[] = [];
let expectedMs = performance.now() + SAMPLE_MS;
setInterval(() => {
  const nowMs = performance.now();
  const ms = nowMs - expectedMs;
  if (ms > SAMPLE_MS) lags.push({ atMs: nowMs, ms });
  expectedMs = nowMs + SAMPLE_MS;
}, SAMPLE_MS).unref();

/** Returns the maximum delay of a timer of this process in the last minute. */
function lagMs(): number {
  const sinceMs = performance.now() - 60_000;
  return Math.max(0, ...lags.filter(({ atMs }) => atMs > sinceMs).map(({ ms }) => ms));
}

/** Returns the time to add to a limit if the machine was busy in the last minute. */
export function busyMs(): number {
  return LATE_PROCESSES * lagMs();
}

/** Returns the time to add to any limit of the fault plan. */
export function noiseMs(): number {
  return QUIET_MS + busyMs();
}

/** Waits for a time. */
export function wait(ms: number): Promise<void> {
  return delay(ms);
}

/** Returns the times between consecutive requests. */
export function gapsOf(requests: readonly VendorRequest[]): number[] {
  return requests.slice(1).map(({ atMs }, i) => atMs - (requests[i]?.atMs ?? 0));
}

/** Returns a quantile of the values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** Counts the requests of each worker. */
export function countByWorker(requests: readonly VendorRequest[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { worker } of requests) counts.set(worker ?? "", (counts.get(worker ?? "") ?? 0) + 1);
  return counts;
}
