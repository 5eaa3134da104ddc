import { failureDelayMs, firstDelayMs, type Pacing, steadyDelayMs } from "./backoff.js";
import type { Pace } from "./pacer.js";

/**
 * The default pace of polling. The first delay after a success is anywhere in the interval, later
 * ones are close to it, and failures are followed by a back-off.
 *
 * @see docs/spec/lifecycle.md §1.2
 */
export function lifecyclePace(pacing: Pacing): Pace {
  let isFirst = true;
  return {
    delayMs({ failure, ...last }, u) {
      if (failure !== null) return failureDelayMs(pacing, { failure, ...last }, u);
      const delayMs = isFirst ? firstDelayMs : steadyDelayMs;
      isFirst = false;
      return delayMs(pacing, u);
    },
  };
}
