import type { Limit } from "../limit-option.js";
import { count } from "../text/values.js";
import { isUnjudged, isWrong } from "./judgement.js";
import type { KindCounts } from "./summary.js";

/** Limits of the command line. */
export interface ReplayLimits {
  /** Whether so many wrong exposures of all are too many. */
  readonly isTooManyWrong: Limit;
  /** Whether so many unjudged exposures are too many, of those whose flag the configuration has. */
  readonly isTooManyUnjudged: Limit;
}

/** How many exposures there are, and what could be said of them. */
export interface Verdict {
  readonly all: number;
  readonly wrong: number;
  /** Exposures of a flag that the configuration has. */
  readonly known: number;
  /** Exposures that lack what a rule reads, or whose flag cannot be decided. */
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

/** Says that no exposure could be judged; `null`: some were. Exposures of unknown flags are reported as wrong. */
export function nothingJudged({ judged, known, unjudged }: Verdict): string | null {
  if (known === 0 || judged > 0) return null;
  const why =
    unjudged === 0
      ? `all ${count(known)} say that they were overridden`
      : `${count(unjudged)} of ${count(known)} lack what the judgement needs`;
  return `no exposure could be judged: ${why}`;
}

/** Says that more exposures could not be judged than the limit allows; `null`: they are few enough. */
export function tooManyUnjudged(
  { known, unjudged }: Verdict,
  { isTooManyUnjudged }: ReplayLimits,
): string | null {
  if (!isTooManyUnjudged(unjudged, known)) return null;
  const part = `${count(unjudged)} of ${count(known)} exposures`;
  return `${part} could not be judged, which is more than --max-unjudged allows`;
}
