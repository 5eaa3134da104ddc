import type { Pace } from "@sortition/node/internal";

/** The vendor's pace: the same time after each attempt, however it ended. */
export function intervalPace(intervalMs: number): Pace {
  return { delayMs: () => intervalMs };
}

/** The tries of a start. Apart from {@link Pace.first}: a poll that a start finds under way is its first try. */
export const START_TRIES: {
  readonly tries: number;
  pauseMs(): number;
  readonly holdsProcess: boolean;
} = { tries: 5, pauseMs: () => 1, holdsProcess: false };
