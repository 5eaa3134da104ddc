import { type ConditionDescription, isJsonObject } from "@sortition/core/dialect";
import type { CompiledCondition } from "../condition/compiled.js";
import { isOperatorObject } from "../condition/operator-object.js";
import type { CompiledRule } from "../evaluation/feature/rule.js";
import type { TestedPart } from "../evaluation/observer.js";
import { MalformedError } from "../malformed.js";
import { safeText } from "../safe-text.js";

/** A condition of a rule, and the test that it corresponds to. */
export interface RuleCondition extends ConditionDescription {
  readonly part: Exclude<TestedPart, "rollout" | "bucket">;
  /** Index within the elements of that part. */
  readonly index: number;
}

/** Returns the conditions of a rule in the order of their tests. */
export function conditionsOf(rule: CompiledRule): readonly RuleCondition[] {
  const { effect } = rule;
  const namespace =
    effect?.kind === "experiment" && effect.experiment.filters === null
      ? effect.experiment.namespace
      : null;
  const condition =
    effect === null
      ? null
      : effect.kind === "force"
        ? effect.condition
        : effect.experiment.condition;
  return [
    ...parentsOf(rule),
    ...filtersOf(rule),
    ...(namespace === null ? [] : [namespaceOf(rule)]),
    ...(condition === null ? [] : entriesOf(condition)),
  ];
}

function parentsOf({ parents }: CompiledRule): RuleCondition[] {
  if (parents === null) return [];
  const part = "parents";
  if (parents instanceof MalformedError) return [broken(part, 0, parents)];
  return parents.map((parent, index) =>
    parent instanceof MalformedError
      ? broken(part, index, parent)
      : {
          part,
          index,
          attribute: `feature ${safeText(parent.id)}`,
          operator: parent.isGate ? "gate" : "prerequisite",
          expected: parent.condition?.wire ?? {},
          problem: null,
        },
  );
}

function filtersOf({ filters, wire }: CompiledRule): RuleCondition[] {
  if (filters === null) return [];
  const part = "filters";
  if (filters instanceof MalformedError) return [broken(part, 0, filters)];
  const raw = wire["filters"] as readonly { readonly ranges?: unknown }[]; // compiled before, so it is a list
  return filters.map((filter, index) =>
    filter instanceof MalformedError
      ? broken(part, index, filter)
      : {
          part,
          index,
          attribute: filter.attribute,
          operator: "filter",
          expected: {
            ...{ seed: filter.hash.rawSeed, ranges: raw[index]?.ranges },
            ...(filter.hash.version === 2 ? {} : { hashVersion: filter.hash.version }),
          },
          problem: filter.ranges instanceof MalformedError ? filter.ranges.problem : null,
        },
  );
}

function namespaceOf({ effect, wire }: CompiledRule): RuleCondition {
  const attribute = effect?.kind === "experiment" ? effect.experiment.hashAttribute : "id";
  const expected = wire["namespace"];
  return {
    part: "namespace",
    index: 0,
    attribute: safeText(attribute),
    operator: "namespace",
    expected,
    problem: null,
  };
}

function entriesOf({ wire }: CompiledCondition): RuleCondition[] {
  if (typeof wire === "string") {
    const problem = "expected an object";
    return [{ part: "condition", index: 0, attribute: "", operator: "=", expected: wire, problem }];
  }
  if (Array.isArray(wire) && wire.length > 0) {
    return [
      { part: "condition", index: 0, attribute: "", operator: "=", expected: wire, problem: null },
    ];
  }
  const entries = Object.entries(wire ?? {}); // compiled before, so it has members or none
  return entries.map(([key, value], index) => {
    const place = { part: "condition", index, problem: null } as const;
    if (key.startsWith("$")) return { ...place, attribute: "", operator: key, expected: value };
    const operators = isOperatorObject(value) && isJsonObject(value) ? Object.entries(value) : [];
    const [only] = operators;
    if (operators.length === 1 && only !== undefined) {
      return { ...place, attribute: key, operator: only[0], expected: only[1] };
    }
    return { ...place, attribute: key, operator: "=", expected: value };
  });
}

function broken(
  part: RuleCondition["part"],
  index: number,
  { problem }: MalformedError,
): RuleCondition {
  return { part, index, attribute: "", operator: part, expected: undefined, problem };
}
