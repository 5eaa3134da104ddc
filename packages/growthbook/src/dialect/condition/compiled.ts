import type { EvaluationCall } from "../evaluation/evaluation-call.js";
import type { CompileOptions } from "../malformed.js";

/** Tests an object, or the user's attributes if `root` is the context itself. May throw if the vendor's SDK throws. */
export type Entry = (root: unknown, context: EvaluationCall) => boolean;

/** Tests one value. May throw if the vendor's SDK throws. */
export type Test = (value: unknown, context: EvaluationCall) => boolean;

/** A condition that matches if all its entries match. */
export interface CompiledCondition {
  readonly entries: readonly Entry[];
  /** The condition as received, for descriptions. */
  readonly wire: unknown;
}

/** Compiles the nested parts of conditions: further conditions, and comparisons of values. */
export interface ConditionCompiler {
  readonly options: CompileOptions;
  condition(wire: unknown, path: string): CompiledCondition;
  test(wire: unknown, path: string): Test;
}

export function isMet(
  { entries }: CompiledCondition,
  root: unknown,
  context: EvaluationCall,
): boolean {
  for (let i = 0; i < entries.length; i++) {
    if (!(entries[i] as Entry)(root, context)) return false; // i < length
  }
  return true;
}

/** Returns the index of the first entry that does not match, or -1 if all match. */
export function firstUnmet(
  { entries }: CompiledCondition,
  root: unknown,
  context: EvaluationCall,
): number {
  for (let i = 0; i < entries.length; i++) {
    if (!(entries[i] as Entry)(root, context)) return i; // i < length
  }
  return -1;
}
