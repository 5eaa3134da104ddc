import type { NamedDifference } from "./named-difference.js";
import type { Random } from "./random.js";

/** One call, and what both SDKs answered: values, details, events, or that they threw. */
export interface ComparedCase {
  readonly ours: unknown;
  readonly vendor: unknown;
}

/** What a run counts, besides differences. */
export interface Tally<Case> {
  add(of: Case): void;
  /** What the generator is meant to try and did not. */
  readonly missing: readonly string[];
  /** One or more lines for the report. */
  toString(): string;
}

/**
 * A differential test of one dialect against its vendor's SDK.
 *
 * @typeParam Case - a call with both answers, and all that named differences look at.
 * @typeParam Extent - how much to generate, for example numbers of configurations and subjects.
 * @typeParam Sabotage - a fault put into our side on purpose.
 */
export interface DifferentialPlan<Case extends ComparedCase, Extent, Sabotage = never> {
  /** Begins the report, for example `eppo bandits`. */
  readonly name: string;
  /** The deliberate differences. */
  readonly named: readonly NamedDifference<Case>[];
  /** Makes configurations and calls from the seed, and asks both SDKs. */
  cases(random: Random, extent: Extent, sabotage: Sabotage | null): AsyncIterable<Case>;
  createTally(): Tally<Case>;
  /** Selects paths whose objects are compared by identity. */
  isOpaque?(path: string): boolean;
  /** What a reader needs to look into an unexplained case. */
  show(of: Case): string;
}
