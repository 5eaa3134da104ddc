import type { Limit } from "../limit-option.js";
import { count } from "../text/values.js";
import { isUnjudged, isWrong } from "./judgement.js";
import type { KindCounts } from "./summary.js";

export interface ReplayLimits {
  /** Whether this many wrong exposures, out of those of known flags, are too many. */
  readonly isTooManyWrong: Limit;
  /** Whether this many exposures of unknown flags, out of all, are too many. */
  readonly isTooManyUnknown: Limit;
  /** Whether this many unjudged exposures, out of those of known flags, are too many. */
  readonly isTooManyUnjudged: Limit;
}

/** Number of exposures by outcome. */
export interface Verdict {
  readonly all: number;
  /** Exposures of known flags that are wrong. */
  readonly wrong: number;
  /** Exposures of flags that the configuration does not contain. */
  readonly unknown: number;
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
    if (isWrong(kind) && kind !== "no-such-flag") wrong += n;
    if (isUnjudged(kind)) unjudged += n;
  }
  const unknown = counts.get("no-such-flag") ?? 0;
  const known = all - unknown;
  const judged = known - unjudged - (counts.get("overridden") ?? 0);
  return { all, wrong, unknown, known, unjudged, judged };
}

/** Explains that no exposure of a known flag could be judged; `null` if some were, or there are none. */
export function nothingJudged({ judged, known, unjudged }: Verdict): string | null {
  if (known === 0 || judged > 0) return null;
  const why =
    unjudged === 0
      ? `all ${count(known)} were overridden`
      : `required attributes or data are missing for ${count(unjudged)} of ${count(known)}`;
  return `no exposure could be judged: ${why}`;
}

/** One sentence for each exceeded limit. */
export function exceededLimits(
  { all, known, unjudged, unknown, wrong }: Verdict,
  { isTooManyUnjudged, isTooManyUnknown, isTooManyWrong }: ReplayLimits,
): readonly string[] {
  const ofKnown = `of ${count(known)} exposures of known flags`;
  const are = (n: number): string => (n === 1 ? "is" : "are");
  return [
    ...(isTooManyWrong(wrong, known)
      ? [`${count(wrong)} ${ofKnown} ${are(wrong)} wrong, which is more than --max-wrong allows`]
      : []),
    ...(isTooManyUnknown(unknown, all)
      ? [
          `${count(unknown)} of ${count(all)} exposures ${are(unknown)} of unknown flags, which is more than --max-unknown allows`,
        ]
      : []),
    ...(isTooManyUnjudged(unjudged, known)
      ? [
          `${count(unjudged)} ${ofKnown} could not be judged, which is more than --max-unjudged allows`,
        ]
      : []),
  ];
}
