import type { EvaluationCall } from "../evaluation/evaluation-call.js";
import type { CompileOptions } from "../malformed.js";

/**
 * Tests an object: the attributes of the user, if it is the context itself. May throw where the vendor's
 * SDK throws.
 */
export type Entry = (root: unknown, context: EvaluationCall) => boolean;

/** Tests one value. May throw where the vendor's SDK throws. */
export type Test = (value: unknown, context: EvaluationCall) => boolean;

/** A condition: all entries must hold. */
export interface CompiledCondition {
  readonly entries: readonly Entry[];
  /** As the payload has it, for descriptions. */
  readonly wire: unknown;
}

/** Compiles what is nested in conditions: further conditions, and what values are compared with. */
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

/** Index of the first entry that does not hold; -1: all hold. */
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
