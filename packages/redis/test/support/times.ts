import { setTimeout as delay } from "node:timers/promises";
import type { VendorRequest } from "@sortition/test-kit/redis";

const SAMPLE_MS = 20;
/** What even a quiet machine adds. */
const QUIET_MS = 250;
/** A timer of this process that is late says that processes of the fleet are, too: several in a row. */
const LATE_PROCESSES = 4;

const lags: { readonly atMs: number; readonly ms: number }[] = [];
let expectedMs = performance.now() + SAMPLE_MS;
setInterval(() => {
  const nowMs = performance.now();
  const ms = nowMs - expectedMs;
  if (ms > SAMPLE_MS) lags.push({ atMs: nowMs, ms });
  expectedMs = nowMs + SAMPLE_MS;
}, SAMPLE_MS).unref();

/** The longest time that a timer of this process was late in the last minute. */
export function lagMs(): number {
  const sinceMs = performance.now() - 60_000;
  return Math.max(0, ...lags.filter(({ atMs }) => atMs > sinceMs).map(({ ms }) => ms));
}

/** What a machine that has been busy in the last minute adds to a bound. */
export function busyMs(): number {
  return LATE_PROCESSES * lagMs();
}

/** What any machine adds to a bound of the fault plan. */
export function noiseMs(): number {
  return QUIET_MS + busyMs();
}

/** Waits. */
export function wait(ms: number): Promise<void> {
  return delay(ms);
}

/** Times between requests that follow each other. */
export function gapsOf(requests: readonly VendorRequest[]): number[] {
  return requests.slice(1).map(({ atMs }, i) => atMs - (requests[i]?.atMs ?? 0));
}

/** The value that a share of the values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** Requests per worker. */
export function countByWorker(requests: readonly VendorRequest[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { worker } of requests) counts.set(worker ?? "", (counts.get(worker ?? "") ?? 0) + 1);
  return counts;
}
