/** Options of an exact test. */
export interface ExactTestOptions {
  /** Maximum number of results to enumerate. If more are possible, results are drawn at random. Default: 100,000. */
  readonly maxResults?: number | undefined;
  /**
   * Number of draws. The p-value is at least 1 / (draws + 1). Default: 10,000, or fewer for more than 2,000 outcomes (200
   * for 100,000), so that a test takes only seconds.
   */
  readonly draws?: number | undefined;
  /** Seed of the draws. The same seed gives the same p-value. Default: 1. */
  readonly seed?: number | undefined;
}

/** Result of an exact test. */
export interface ExactTest {
  /** Probability of a result that is at most as probable as the observed one. */
  readonly pValue: number;
  /** `exact` if all possible results were enumerated, `drawn` if some were drawn at random. */
  readonly method: "exact" | "drawn";
}

/**
 * Largest rounding error in the logarithms of two equally probable results, relative to the logarithms of the
 * factorials that they are computed from.
 */
export const TIE = 1e-13;

/** @throws RangeError unless the number of draws is a positive integer. */
export function checkDraws(draws: number): void {
  if (!Number.isSafeInteger(draws) || draws < 1) {
    throw new RangeError(`draws: expected a positive integer, received ${draws}`);
  }
}
