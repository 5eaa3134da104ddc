const SAMPLE_MS = 10;
/** What timers of an idle process are late by on a quiet machine. */
const QUIET_LATE_MS = 5;
/** Processor time of the computation that shows how busy the machine is. */
const COMPUTED_MS = 50;
/** What a quiet machine comes to. */
const QUIET_SLOWDOWN = 1.3;

/** Watches how much the other processes of a machine delay this one. */
export interface BusyWatch extends Disposable {
  /**
   * What a bound of a quiet machine comes to on this one: as many times longer as a computation takes here now, and
   * longer by what timers of this process were late since the watch began, without its own work. On a quiet machine it
   * is the same bound.
   */
  boundMs(quietMs: number): number;
}

/** Begins to watch; disposal ends it, and leaves the bounds. */
export function watchBusyMachine(): BusyWatch {
  let lateMs = 0;
  let lastMs = performance.now();
  let lastCpuMs = cpuMs();
  const sample = (): void => {
    const [nowMs, nowCpuMs] = [performance.now(), cpuMs()];
    const waitedMs = nowMs - lastMs - SAMPLE_MS - (nowCpuMs - lastCpuMs);
    if (waitedMs > QUIET_LATE_MS) lateMs += waitedMs;
    [lastMs, lastCpuMs] = [nowMs, nowCpuMs];
  };
  const timer = setInterval(sample, SAMPLE_MS);
  timer.unref();
  return {
    boundMs: (quietMs) => quietMs * slowdown() + lateMs,
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** How many times longer a computation takes than its processor time: 1 on a quiet machine. */
function slowdown(): number {
  const startedAtMs = performance.now();
  const before = cpuMs();
  let computedMs = 0;
  while (computedMs < COMPUTED_MS) computedMs = cpuMs() - before;
  const ratio = (performance.now() - startedAtMs) / computedMs;
  return ratio < QUIET_SLOWDOWN ? 1 : ratio;
}

/** Processor time of this process. */
function cpuMs(): number {
  const { system, user } = process.cpuUsage();
  return (system + user) / 1_000;
}
