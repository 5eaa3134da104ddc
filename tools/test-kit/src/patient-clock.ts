/** Parts of the clock port of `@sortition/core`. */
export interface PatientClock {
  setTimer(
    callback: () => void,
    delayMs: number,
    options: { readonly holdsProcess: boolean },
  ): () => void;
}

/**
 * Creates a real clock on which timers of this length last a hundred times as long. They limit work that takes longer on a busy
 * machine.
 */
export function patientClock(limitMs: number): PatientClock {
  return {
    setTimer(callback, delayMs, { holdsProcess }) {
      const timer = setTimeout(callback, delayMs === limitMs ? 100 * limitMs : delayMs);
      if (!holdsProcess) timer.unref();
      return () => clearTimeout(timer);
    },
  };
}
