/**
 * Returns the machine's monotonic time in ms. Unlike `performance.now()`, it is the same in all
 * processes.
 */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
