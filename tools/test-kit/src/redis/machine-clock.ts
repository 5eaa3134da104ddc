/** Monotonic ms of the machine: unlike `performance.now()`, equal in all its processes. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
