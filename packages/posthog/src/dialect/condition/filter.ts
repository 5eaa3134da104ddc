import { type PatternGuard, type ReportProblem, unexpected } from "@sortition/core/dialect";
import { type Interned, isObject, unknownWord } from "@sortition/core/dialect-internal";
import type { Definitions, EvaluationCall } from "../evaluation/evaluation-call.js";
import { compileDependency } from "./dependency.js";
import { compileProperty, type FilterTest, isOperator, isOrdinaryKey } from "./property-filter.js";
import { not, REQUIRES_SERVER, type Tri } from "./tri.js";

/** A filter in a condition or a cohort, as received: `{ key, type, operator, value, … }`. */
export interface FilterWire {
  readonly type?: unknown;
  readonly operator?: unknown;
  readonly value?: unknown;
}

export interface CompiledFilter {
  readonly wire: unknown;
  readonly test: FilterTest;
  /**
   * Returns whether the definition alone makes the filter undecidable.
   *
   * @param cohorts - ids of visited cohorts. The call adds the cohorts that it visits.
   */
  isUnsupported(definitions: Definitions, cohorts: Set<string>): boolean;
}

export interface FilterContext {
  readonly guard: PatternGuard;
  readonly interned: Interned;
}

/** Types of filters. A filter without a type tests a property. */
const TYPES: ReadonlySet<unknown> = new Set(["person", "group", "cohort", "flag"]);

/** Reports a filter that is malformed, or has a type or an operator that we do not know. */
export function reportFilter(wire: unknown, path: string, report: ReportProblem): void {
  if (!isObject(wire)) {
    report(unexpected(path, "an object", wire));
    return;
  }
  const { operator, type } = wire as FilterWire;
  if (type && !TYPES.has(type)) {
    const error = unknownWord(`${path}.type`, "type", type, "which is read as a property");
    report(error, "unsupported");
  }
  if (type === "flag" || type === "cohort" || !operator || isOperator(operator)) return;
  const effect = "which only the server can evaluate";
  report(unknownWord(`${path}.operator`, "operator", operator, effect), "unknown-operator");
}

/**
 * Like {@link compileFilter}, but equal filters on a person's property share one object, unless they have a pattern.
 */
export function sharedFilter(
  wire: unknown,
  path: string,
  { guard, interned }: FilterContext,
): CompiledFilter {
  const { key, type } = wire as { readonly key?: unknown; readonly type?: unknown };
  if (type !== "person" || typeof key !== "string" || !isOrdinaryKey(key)) {
    return compileFilter(wire, path, guard);
  }
  let isShared = true;
  const guarding: PatternGuard = (pattern, at) => {
    isShared = false;
    return guard(pattern, at);
  };
  return interned.of(
    "filter",
    wire,
    () => compileFilter(wire, path, guarding),
    () => isShared,
  );
}

/**
 * Compiles a filter of any type.
 *
 * @param wire - any JSON value except `null`.
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

/** Cohorts that nest more deeply are treated as a cycle. */
const MAX_DEPTH = 200;
/** Depth at which results are cached, because there may be very many paths to the same cohort. */
const MEMO_DEPTH = 6;

/** Returns whether the call's properties belong to a member of the cohort. */
function testCohort(call: EvaluationCall, id: string): Tri {
  const cohort = call.configuration.cohort(id);
  // Only the server knows the members of a static cohort.
  if (cohort === null) return REQUIRES_SERVER;
  if (call.cohortDepth >= MAX_DEPTH) throw new Error(`cohort ${id} contains itself`);
  const memo = call.cohortDepth >= MEMO_DEPTH ? call.cohortMemo() : null;
  const known = memo?.get(id);
  if (known !== undefined) return known;
  call.cohortDepth += 1;
  try {
    const membership = cohort.test(call);
    memo?.set(id, membership);
    return membership;
  } finally {
    call.cohortDepth -= 1; // the evaluation may continue after an error that does not decide
  }
}
