import type { PatternGuard } from "@sortition/core/dialect";
import { compileDependency } from "./dependency.js";
import type { Definitions, EvaluationCall } from "./evaluation-call.js";
import { compileProperty, type FilterTest } from "./property-filter.js";
import { not, REQUIRES_SERVER, type Tri } from "./tri.js";

/** A filter of a condition or a cohort, as received: `{ key, type, operator, value, … }`. */
export interface FilterWire {
  readonly type?: unknown;
  readonly operator?: unknown;
  readonly value?: unknown;
}

/** A compiled filter. */
export interface CompiledFilter {
  readonly wire: unknown;
  readonly test: FilterTest;
  /**
   * Whether its definition alone makes it undecidable.
   *
   * @param cohorts - the cohorts that were looked at already.
   */
  isUnsupported(definitions: Definitions, cohorts: Set<string>): boolean;
}

/**
 * Compiles a filter of any type.
 *
 * @param wire - any JSON value but `null`.
 */
export function compileFilter(wire: unknown, path: string, guard: PatternGuard): CompiledFilter {
  const { operator, type, value } = wire as FilterWire;
  if (type === "flag") return { wire, ...compileDependency(wire as FilterWire) };
  if (type !== "cohort") return { wire, ...compileProperty(wire, path, guard) };
  const id = String(value);
  const isNegated = operator === "not_in";
  return {
    wire,
    test(call) {
      const membership = testCohort(call, id);
      return isNegated ? not(membership) : membership;
    },
    isUnsupported(definitions, cohorts) {
      const cohort = definitions.configuration.cohort(id);
      if (cohort === null) return true;
      if (cohorts.has(id)) return false;
      cohorts.add(id);
      return cohort.isUnsupported(definitions, cohorts);
    },
  };
}

/** Deeper nesting of cohorts within cohorts is taken for a cycle. */
const MAX_DEPTH = 200;
/** From this depth on, answers are kept: a cohort may be reached in very many ways. */
const MEMO_DEPTH = 6;

/** Whether the properties of the call belong to a member of the cohort. */
function testCohort(call: EvaluationCall, id: string): Tri {
  const cohort = call.configuration.cohort(id);
  // A static cohort: only the server knows its members.
  if (cohort === null) return REQUIRES_SERVER;
  if (call.cohortDepth >= MAX_DEPTH) throw new Error(`cohort ${id} contains itself`);
  const memo = call.cohortDepth >= MEMO_DEPTH ? call.cohortMemo() : null;
  const known = memo?.get(id);
  if (known !== undefined) return known;
  call.cohortDepth += 1;
  const membership = cohort.test(call);
  call.cohortDepth -= 1;
  memo?.set(id, membership);
  return membership;
}
