/** How long one look takes: longer than a busy program keeps its core at a time. */
const LOOK_MS = 10;
/** A program that has a core reads the clock far more often than that. */
const LOST_MS = 1;

/** Watches whether other programs take the core of a process that has work to do. */
export interface CoreWatch {
  /** Works for a moment. */
  look(): void;
  /** The share of the looks during which the core was lost; 0 without any. */
  lostShare(): number;
}

/** Watches by reading the clock without a pause. Needs no account of the kernel, which not all have. */
export function createCoreWatch(nowMs: () => number = () => performance.now()): CoreWatch {
  let looks = 0;
  let losses = 0;
  return {
    look() {
      const startedAtMs = nowMs();
      let readAtMs = startedAtMs;
      let longestMs = 0;
      while (readAtMs - startedAtMs < LOOK_MS) {
        const now = nowMs();
        longestMs = Math.max(longestMs, now - readAtMs);
        readAtMs = now;
      }
      looks += 1;
      if (longestMs > LOST_MS) losses += 1;
    },
    lostShare: () => (looks === 0 ? 0 : losses / looks),
  };
}
