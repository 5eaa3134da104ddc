import { failureDelayMs, firstDelayMs, type Pacing, steadyDelayMs } from "./backoff.js";
import type { Pace } from "./pacer.js";

/**
 * The pace of all that polls by our own rules: the first delay that follows no failure is anywhere in the interval,
 * further ones are around it, and a failure is followed by a back-off.
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
