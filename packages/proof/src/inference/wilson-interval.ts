import { normalUpperQuantile } from "../distributions/normal.js";

/** An interval of shares, including both ends. */
export interface ShareInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * Interval of a share that was observed as `successes` of `trials` (Wilson, "Probable Inference, the Law of Succession, and
 * Statistical Inference", 1927): the shares that do not differ significantly from the observed one.
 *
 * @param confidence - probability that such an interval contains the share, above 0 and below 1.
 * @throws RangeError
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  confidence: number = 0.95,
): ShareInterval {
  if (!Number.isSafeInteger(trials) || trials < 0) {
    const form = trials === undefined ? ": write wilsonInterval(successes, trials)" : "";
    throw new RangeError(`trials: expected a non-negative integer, received ${trials}${form}`);
  }
  if (!Number.isSafeInteger(successes) || successes < 0 || successes > trials) {
    const order = successes > trials ? ": write wilsonInterval(successes, trials)" : "";
    throw new RangeError(
      `successes: expected an integer in 0…${trials}, received ${successes}${order}`,
    );
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`confidence: expected a number between 0 and 1, received ${confidence}`);
  }
  if (trials === 0) return { low: 0, high: 1 };
  const z2 = normalUpperQuantile((1 - confidence) / 2) ** 2;
  const failures = trials - successes;
  const center = successes + z2 / 2;
  const spread = Math.sqrt(z2 * ((successes * failures) / trials + z2 / 4));
  const scale = trials + z2;
  return {
    // Without these cases, rounding would move the ends away from 0 and 1.
    low: successes === 0 ? 0 : (center - spread) / scale,
    high: failures === 0 ? 1 : (center + spread) / scale,
  };
}
