import type {
  ExplainedCondition,
  ExplainedFlag,
  FlagDescription,
  RecordedTest,
  Recording,
  TestOutcome,
} from "@sortition/core/dialect";
import { stringOf } from "@sortition/core/dialect-internal";
import type { TestedFilter } from "../condition/condition.js";
import { isUnknown, reasonOf, TRUE, type Tri, type UnresolvedReason } from "../condition/tri.js";
import { NO_GROUP } from "../flag.js";
import { type MissingByAllocation, missingIn } from "./missing.js";

const WHY: Readonly<Record<UnresolvedReason, string>> = {
  experience_continuity: "the server decides flags with experience continuity",
  unsupported_definition: "only the server can decide it",
  unresolved_dependency: "the flag that it depends on cannot be evaluated",
  missing_context: "a value cannot be used",
};

/** Combines the description of a flag with its recorded evaluation. */
export function explainFlag(flag: FlagDescription, recording: Recording): ExplainedFlag {
  return recording.explain(flag, (recorded) => ({
    ...recorded,
    condition(rule, index) {
      const seen = recorded.condition(rule, index);
      return seen?.outcome === "error" ? { ...seen, actual: undefined } : seen;
    },
    rule: (_rule, _index, conditions) => ruleOutcome(conditions),
  }));
}

/**
 * Returns what a recorded outcome means.
 *
 * @param filter - `undefined` for the outcome of a condition.
 * @param missing - receives what the filter needs and the call lacks.
 */
export function readTest(
  tested: Tri,
  filter: TestedFilter | undefined,
  missing: MissingByAllocation,
): RecordedTest {
  if (tested === NO_GROUP) return { outcome: "fails", ofAllocation: "no-rule-holds", reason: "" };
  const unresolved = isUnknown(tested) ? reasonOf(tested) : null;
  const outcome = unresolved !== null ? "unknown" : tested === TRUE ? "holds" : "fails";
  if (filter === undefined) return { outcome, reason: "" };
  const { allocation } = filter;
  const actual = actualOf(filter);
  const lacked = unresolved === "missing_context" ? missingIn(filter) : [];
  const known = missing.get(allocation) ?? [];
  missing.set(allocation, known);
  known.push(...lacked);
  if (unresolved !== null) {
    return { outcome, actual, reason: reasonText(unresolved, actual, lacked) };
  }
  const verb = outcome === "holds" ? "matches" : "does not match";
  return { outcome, actual, reason: actual === undefined ? verb : `${shown(actual)} ${verb}` };
}

function actualOf({ call, wire }: TestedFilter): unknown {
  const { key, type } = wire as { readonly key?: unknown; readonly type?: unknown };
  if (type === "cohort" || type === "flag") return undefined;
  const name = stringOf(key);
  return call.has(name) ? call.read(name) : undefined;
}

function reasonText(
  unresolved: UnresolvedReason,
  actual: unknown,
  missing: readonly string[],
): string {
  if (unresolved === "missing_context" && missing.length > 0) {
    return `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`;
  }
  if (unresolved === "missing_context" && actual !== undefined) {
    return `the value ${shown(actual)} cannot be used`;
  }
  return WHY[unresolved];
}

/** Returns a property as a string. Circular values and big integers cannot be serialized to JSON. */
function shown(actual: unknown): string {
  try {
    return JSON.stringify(actual) ?? String(actual);
  } catch {
    return "a value without a string form";
  }
}

function ruleOutcome(conditions: readonly ExplainedCondition[]): TestOutcome {
  const outcomes = conditions.map(({ outcome }) => outcome);
  if (outcomes.includes("error")) return "error";
  if (outcomes.includes("fails")) return "fails";
  if (outcomes.includes("unknown")) return "unknown";
  return outcomes.includes("not-reached") ? "not-reached" : "holds";
}
