import type { Pace } from "@sortition/node/internal";

/** The vendor's pace: the same delay after each attempt, whatever its outcome. */
export function intervalPace(intervalMs: number): Pace {
  return { delayMs: () => intervalMs };
}

/**
 * The tries of a start. Not a {@link Pace.first}, because a poll that is running at the start is
 * its first try.
 */
export const START_TRIES: {
  readonly tries: number;
  pauseMs(): number;
  readonly holdsProcess: boolean;
} = { tries: 5, pauseMs: () => 1, holdsProcess: false };
