const SAMPLE_MS = 10;
/** Delay of timers in an idle process on a quiet machine. */
const QUIET_LATE_MS = 5;
/** Processor time of the computation that measures how busy the machine is. */
const COMPUTED_MS = 50;
/** Maximum slowdown of a quiet machine. */
const QUIET_SLOWDOWN = 1.3;

/** Measures how much other processes of the machine delay this one. */
export interface BusyWatch extends Disposable {
  /**
   * Adjusts a limit for a quiet machine to this machine. It is multiplied by the current slowdown
   * of a computation, and increased by the delay of this process's timers since the watch began,
   * without the process's own work. On a quiet machine, the limit stays the same.
   */
  boundMs(quietMs: number): number;
}

/** Starts to measure. Disposal stops the measurement, and `boundMs` still works afterwards. */
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

/**
 * Returns how many times longer a computation takes than its processor time. 1 on a quiet machine.
 */
function slowdown(): number {
  const startedAtMs = performance.now();
  const before = cpuMs();
  let computedMs = 0;
  while (computedMs < COMPUTED_MS) computedMs = cpuMs() - before;
  const ratio = (performance.now() - startedAtMs) / computedMs;
  return ratio < QUIET_SLOWDOWN ? 1 : ratio;
}

/** Returns the processor time of this process. */
function cpuMs(): number {
  const { system, user } = process.cpuUsage();
  return (system + user) / 1_000;
}
