import type { NamedDifference } from "../differential/named-difference.js";
import type { ComparedCase } from "../differential/plan.js";
import type { Random } from "../differential/random.js";
import type { JsonPath } from "./json-path.js";
import type { Mutation } from "./mutation.js";

/** A valid payload, and everything else that a plan needs to call with it. */
export interface FuzzSample {
  /** The document to mutate. */
  readonly document: unknown;
}

/**
 * A mutation fuzzer that compares a dialect with a reference, usually the vendor's SDK.
 *
 * @typeParam Sample - a valid payload with the calls to make.
 * @typeParam Case - a call with both results.
 */
export interface FuzzPlan<Sample extends FuzzSample, Case extends ComparedCase> {
  /** Starts the report, for example `eppo flags`. */
  readonly name: string;
  readonly named: readonly NamedDifference<Case>[];
  /** Generates a valid payload and the calls to make. */
  sample(random: Random): Sample;
  /**
   * Runs the calls of one payload on both sides. The same arguments return the same cases.
   *
   * @param text - the payload with the mutation.
   */
  ask(sample: Sample, text: string, mutation: Mutation): Promise<readonly Case[]>;
  /**
   * Prints a document that may contain values which `JSON.stringify` cannot print. Default:
   * `JSON.stringify`.
   */
  print?(document: unknown): string;
  /** Whether a node is never mutated. Default: false. */
  isSpared?(path: JsonPath): boolean;
  /** Selects paths of results whose objects are compared by identity. */
  isOpaque?(path: string): boolean;
  /** Prints what a reader needs to investigate an unexplained case. */
  show(of: Case): string;
}
