import { type Recorder, type ReportProblem, unexpected } from "@sortition/core/dialect";
import type { EvaluationCall } from "../evaluation/evaluation-call.js";
import { allocationOf } from "../evaluation/outcome.js";
import { type CompiledFilter, type FilterContext, reportFilter, sharedFilter } from "./filter.js";
import { isSameComparison } from "./same-filter.js";
import { FALSE, isUnknown, joinUnknown, requiresServer, TRUE, type Tri } from "./tri.js";

/** A condition group of a flag, as received. */
interface ConditionWire {
  readonly properties?: unknown;
  readonly rollout_percentage?: unknown;
  readonly variant?: unknown;
  readonly aggregation_group_type_index?: unknown;
}

/** Filters in order, with `null` for a filter that is `null`. `null` if they are not a list. */
export type Filters = readonly (CompiledFilter | null)[] | null;

/** A condition group: filters that must all match, and the share of subjects to which it applies. */
export interface Condition {
  readonly filters: Filters;
  /** Share of the subjects. Subjects with a greater hash are excluded. `null` includes all. */
  readonly share: number | null;
  /** A variant for all subjects. Ignored if the flag has no variant with this key. */
  readonly variant: unknown;
  /** Index of a group type, `null` for the person, or `undefined` to use the flag's. */
  readonly groupTypeIndex: unknown;
}

/**
 * Compiles a condition group.
 *
 * @param wire - any JSON value except `null`.
 * @param former - the previous condition. If both begin with the same comparison, they share it.
 */
export function compileCondition(
  wire: unknown,
  path: string,
  context: FilterContext & { readonly report: ReportProblem },
  former: Condition | null = null,
): Condition {
  const condition = wire as ConditionWire;
  const { properties, rollout_percentage: rollout } = condition;
  const { report } = context;
  const wires = listOf(properties || []);
  if (properties && !Array.isArray(properties)) {
    report(unexpected(`${path}.properties`, "an array", properties));
  }
  const shared = former?.filters?.[0] ?? null;
  const filters = wires?.map((filter, i) => {
    const at = `${path}.properties[${i}]`;
    reportFilter(filter, at, report);
    if (filter === null) return null;
    if (i === 0 && shared !== null && isSameComparison(shared.wire, filter)) return shared;
    return sharedFilter(filter, at, context);
  });
  return {
    filters: filters ?? null,
    share: rollout === undefined || rollout === null ? null : Number(rollout) / 100,
    variant: condition.variant,
    groupTypeIndex: condition.aggregation_group_type_index,
  };
}

/** Returns what the vendor's SDK treats as a list, or `null` if it fails. A value without a length is an empty list. */
function listOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value === "string") return lettersOf(value);
  const { length } = value as { readonly length?: unknown };
  return Number(length) > 0 ? null : [];
}

/**
 * Returns the letters of a string that is used as a list. Quirk: the vendor reads each letter as an item without
 * members (posthog). Because all letters have the same effect, the first one is sufficient.
 */
export function lettersOf(text: string): readonly string[] {
  return Array.from(text.slice(0, 1));
}

/** A filter that is tested, as recorded. */
export interface TestedFilter {
  readonly allocation: string;
  readonly call: EvaluationCall;
  readonly wire: unknown;
}

/** Returns the same condition, whose filters are recorded. */
export function recordedCondition(it: Condition, index: number, recorder: Recorder): Condition {
  const allocation = allocationOf(index);
  const filters = it.filters?.map((filter, i) => {
    if (filter === null) return null;
    const test = (call: EvaluationCall): Tri => {
      const tested: TestedFilter = { allocation, call, wire: filter.wire };
      return recorder.condition({ allocation, rule: 0, index: i }, tested, () => filter.test(call));
    };
    return { ...filter, test };
  });
  return { ...it, filters: filters ?? null };
}

/**
 * Tests the filters of a condition in order. The first filter that does not match decides, even if an earlier one is
 * unknown.
 *
 * @throws the error of a filter, unless an earlier filter was unknown.
 */
export function testFilters(filters: Filters, call: EvaluationCall): Tri {
  if (filters === null) throw new TypeError("the filters are not a list");
  let unknown: Tri = 0;
  let server: Tri = 0;
  // An indexed loop, because this runs for every condition of every evaluation.
  for (let i = 0; i < filters.length; i++) {
    const filter = filters[i] as CompiledFilter | null; // i < length
    if (filter === null) throw new TypeError("a filter is null");
    let outcome: Tri;
    if (filter === call.testedFilter && call.properties === call.testedProperties) {
      outcome = call.testedOutcome;
    } else {
      try {
        outcome = filter.test(call);
      } catch (error) {
        if (unknown === 0) throw error;
        break;
      }
      if (i === 0) {
        call.testedFilter = filter;
        call.testedProperties = call.properties;
        call.testedOutcome = outcome;
      }
    }
    if (outcome === TRUE) continue;
    if (!isUnknown(outcome)) return FALSE;
    // The server decides the whole flag only if no earlier filter is unknown.
    if (unknown === 0 && requiresServer(outcome)) server = outcome;
    unknown = joinUnknown(unknown, outcome);
  }
  if (server !== 0) return server;
  return unknown === 0 ? TRUE : unknown;
}
