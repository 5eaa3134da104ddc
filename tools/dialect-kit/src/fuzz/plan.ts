import type { NamedDifference } from "../differential/named-difference.js";
import type { ComparedCase } from "../differential/plan.js";
import type { Random } from "../differential/random.js";
import type { JsonPath } from "./json-path.js";
import type { Mutation } from "./mutation.js";

/** A valid payload, and whatever else a plan needs in order to ask about it. */
export interface FuzzSample {
  /** The document that is mutated. */
  readonly document: unknown;
}

/**
 * A mutation fuzzer of one dialect against a reference, usually the vendor's SDK.
 *
 * @typeParam Sample - a valid payload with the calls to make.
 * @typeParam Case - a call with both answers.
 */
export interface FuzzPlan<Sample extends FuzzSample, Case extends ComparedCase> {
  /** Begins the report, for example `eppo flags`. */
  readonly name: string;
  readonly named: readonly NamedDifference<Case>[];
  /** Makes a valid payload and the calls to make. */
  sample(random: Random): Sample;
  /**
   * Asks both sides about one payload. The same arguments give the same cases.
   *
   * @param text - the payload with the mutation.
   */
  ask(sample: Sample, text: string, mutation: Mutation): Promise<readonly Case[]>;
  /** Prints a document that may contain what `JSON.stringify` cannot print; default: `JSON.stringify`. */
  print?(document: unknown): string;
  /** Which nodes are not mutated; default: none. */
  isSpared?(path: JsonPath): boolean;
  /** Selects paths of answers whose objects are compared by identity. */
  isOpaque?(path: string): boolean;
  /** What a reader needs to look into an unexplained case. */
  show(of: Case): string;
}
