import { MEASURED } from "./figures.js";

const INTERVAL_SECONDS = 30;
/** The guide assumes one change per minute. */
const CHANGE_SECONDS = 60;
const CONNECTIONS_PER_WORKER = 2;

/** Rows of the sizing table in docs/guides/redis.md, computed from the simulation at the default timings. */
export const SIZES: readonly (readonly string[])[] = [10, 100, 1_000, 10_000].map((workers) => {
  const { bytesPerChange, bytesPerInterval, callsPerChange, callsPerInterval } = MEASURED;
  const { cpuMsPerCall, memoryBytesPerWorker } = MEASURED;
  const perSecond = (ofInterval: number, ofChange: number): number =>
    workers * (ofInterval / INTERVAL_SECONDS + ofChange / CHANGE_SECONDS);
  const calls = perSecond(callsPerInterval, callsPerChange);
  const bytes = perSecond(bytesPerInterval, bytesPerChange);
  return [
    workers.toLocaleString("en-US"),
    figure(calls),
    `${figure(bytes / 1_000)} kB`,
    `${figure((calls * cpuMsPerCall) / 10)}%`,
    `${figure((workers * memoryBytesPerWorker) / 1e6)} MB`,
    (CONNECTIONS_PER_WORKER * workers).toLocaleString("en-US"),
  ];
});

/** Rounds to two significant digits. */
function figure(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString("en-US");
}
