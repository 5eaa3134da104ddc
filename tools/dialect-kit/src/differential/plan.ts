import type { NamedDifference } from "./named-difference.js";
import type { Random } from "./random.js";

/** One call, and the results of both SDKs: values, details, events, or whether they threw. */
export interface ComparedCase {
  readonly ours: unknown;
  readonly vendor: unknown;
}

/** A generated program, and its journals with both SDKs. */
export interface Played<Program, Journal> {
  readonly program: Program;
  readonly ours: Journal;
  readonly vendor: Journal;
}

/** What a run counts in addition to differences. */
export interface Tally<Case> {
  add(of: Case): void;
  /** Items that the generator should have tried and did not. */
  readonly missing: readonly string[];
  /** One or more lines for the report. */
  toString(): string;
}

/**
 * A differential test of one dialect against its vendor's SDK.
 *
 * @typeParam Case - a call with both results, and everything that named differences need.
 * @typeParam Extent - how much to generate, for example numbers of configurations and subjects.
 */
export interface DifferentialPlan<Case extends ComparedCase, Extent> {
  /** Starts the report, for example `eppo bandits`. */
  readonly name: string;
  /** The deliberate differences. */
  readonly named: readonly NamedDifference<Case>[];
  /** Generates configurations and calls from the seed, and runs them in both SDKs. */
  cases(random: Random, extent: Extent): AsyncIterable<Case>;
  createTally(): Tally<Case>;
  /** Selects paths whose objects are compared by identity. */
  isOpaque?(path: string): boolean;
  /** Prints what a reader needs to investigate an unexplained case. */
  show(of: Case): string;
}
