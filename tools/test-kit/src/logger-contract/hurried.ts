/**
 * Options of a logger whose pauses and intervals last a thousandth. Its deadlines, which keep the process alive, are
 * real.
 */
export const HURRIED = {
  clock: {
    setTimer(
      callback: () => void,
      delayMs: number,
      { holdsProcess }: { readonly holdsProcess: boolean },
    ): () => void {
      const timer = setTimeout(callback, holdsProcess ? delayMs : delayMs / 1_000);
      return () => clearTimeout(timer);
    },
  },
};
