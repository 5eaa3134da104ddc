import { median, percentile } from "../order-statistics.js";

/** The builds that are compared, in the order of their first turns. `control` is ours once more. */
export const BUILDS = ["ours", "control", "theirs"] as const;
export type Build = (typeof BUILDS)[number];

export interface Measured {
  /** What each build needed for one operation, round by round. */
  readonly rounds: Readonly<Record<Build, readonly number[]>>;
  readonly lostShare: number;
}

/** How far the median of the control may be from that of our build. */
const CONTROL_LIMIT = 1.01;
/** How often the core may be lost. Beside as many busy programs as there are cores it is three times in four. */
const LOST_LIMIT = 0.25;

export interface Verdict {
  readonly kind: "within" | "above" | "too noisy";
  /** Of one operation, in the unit of the cell. */
  readonly medians: Readonly<Record<Build, number>>;
  /** Median of our build over the median of the other one. */
  readonly ratio: number;
  /** Median of the control over the median of our build. */
  readonly control: number;
  /** How far the control is from our build in the middle half of the rounds: 1 or more. */
  readonly spread: number;
  readonly lostShare: number;
}

/**
 * Judges a participant. The control decides whether the measurement can be trusted: its median must be that of
 * our build, and not by chance: in most rounds the two must differ by less than the limit, or than what was found.
 *
 * @param limit - the largest ratio that is accepted, for example 1.02.
 */
export function judge({ rounds, lostShare }: Measured, limit: number): Verdict {
  const medians = {
    ours: median(rounds.ours),
    control: median(rounds.control),
    theirs: median(rounds.theirs),
  };
  const ratio = ratioOf(medians.ours, medians.theirs);
  const control = ratioOf(medians.control, medians.ours);
  const pairs = rounds.ours.map((figure, i) => ratioOf(rounds.control[i] ?? Number.NaN, figure));
  const spread = Math.max(...[0.25, 0.75].map((share) => distance(percentile(pairs, share))));
  const isTrusted =
    distance(control) <= CONTROL_LIMIT &&
    spread <= Math.max(limit, ratio) &&
    lostShare <= LOST_LIMIT;
  const kind = isTrusted ? (ratio > limit ? "above" : "within") : "too noisy";
  return { kind, medians, ratio, control, spread, lostShare };
}

/** Nothing is as much as nothing; something is infinitely more. */
function ratioOf(figure: number, other: number): number {
  if (figure === other) return 1;
  return other > 0 ? figure / other : Number.POSITIVE_INFINITY;
}

/** A ratio or its reciprocal, whichever is larger. */
function distance(ratio: number): number {
  return Math.max(ratio, 1 / ratio);
}
