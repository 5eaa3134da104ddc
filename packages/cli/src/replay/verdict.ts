import type { Limit } from "../limit-option.js";
import { count } from "../text/values.js";
import { isUnjudged, isWrong } from "./judgement.js";
import type { KindCounts } from "./summary.js";

export interface ReplayLimits {
  /** Whether this many wrong exposures out of all are too many. */
  readonly isTooManyWrong: Limit;
  /** Whether this many unjudged exposures, out of those of known flags, are too many. */
  readonly isTooManyUnjudged: Limit;
}

/** Number of exposures by outcome. */
export interface Verdict {
  readonly all: number;
  readonly wrong: number;
  /** Exposures of known flags, which the configuration contains. */
  readonly known: number;
  /** Exposures that lack an attribute that a rule reads, or whose flag could not be evaluated. */
  readonly unjudged: number;
  /** Exposures of known flags that are right or wrong. */
  readonly judged: number;
}

export function verdictOf(counts: KindCounts): Verdict {
  let [all, wrong, unjudged] = [0, 0, 0];
  for (const [kind, n] of counts) {
    all += n;
    if (isWrong(kind)) wrong += n;
    if (isUnjudged(kind)) unjudged += n;
  }
  const known = all - (counts.get("no-such-flag") ?? 0);
  const judged = known - unjudged - (counts.get("overridden") ?? 0);
  return { all, wrong, known, unjudged, judged };
}

/**
 * Explains that no exposure could be judged; `null` if some were judged. Exposures of unknown flags are treated as
 * wrong.
 */
export function nothingJudged({ judged, known, unjudged }: Verdict): string | null {
  if (known === 0 || judged > 0) return null;
  const why =
    unjudged === 0
      ? `all ${count(known)} were overridden`
      : `required attributes or data are missing for ${count(unjudged)} of ${count(known)}`;
  return `no exposure could be judged: ${why}`;
}

/** Explains that too many exposures could not be judged; `null` if the limit is met. */
export function tooManyUnjudged(
  { known, unjudged }: Verdict,
  { isTooManyUnjudged }: ReplayLimits,
): string | null {
  if (!isTooManyUnjudged(unjudged, known)) return null;
  const part = `${count(unjudged)} of ${count(known)} exposures of known flags`;
  return `${part} could not be judged, which is more than --max-unjudged allows`;
}
