/** Minimum processor time of a measurement. The clock of the operating system may only count whole ticks. */
const MIN_US = 20_000;
const ROUNDS = 3;

/**
 * Returns the processor time of one large run, divided by that of `factor` runs of the size before: about 1 if the work is
 * proportional to the size, about `factor` if it grows with its square.
 *
 * @param prepare - prepares a run of a size.
 */
export function workGrowth(
  prepare: (size: number) => () => void,
  size: number,
  factor: number,
): number {
  const [small, large] = [leastOf(prepare(size)), leastOf(prepare(size * factor))];
  return large / (factor * small);
}

/** Processor time of a run in µs. Other work of the process only slows runs down, so the fastest of several is used. */
function leastOf(run: () => void): number {
  for (let runs = 1; ; runs *= 2) {
    if (timeOf(run, runs) < MIN_US) continue;
    const times = Array.from({ length: ROUNDS }, () => timeOf(run, runs) / runs);
    return Math.min(...times);
  }
}

function timeOf(run: () => void, runs: number): number {
  const before = process.cpuUsage();
  for (let i = 0; i < runs; i++) run();
  const { system, user } = process.cpuUsage(before);
  return system + user;
}
