import type { Configuration } from "@sortition/core";
import { isJsonObject, type JsonObject } from "../../evaluate/request.js";
import type { Comparisons } from "../../judge/flag-judge.js";

/**
 * The parts of a compiled feature that are read here. Each rule keeps its JSON from the payload. A malformed feature
 * has no rules.
 */
interface Feature {
  readonly rules?: unknown;
}

/** Operators that compare strings, whatever the type of their operand. */
const TEXT_OPERATORS: readonly string[] = [
  ...[
    "$regex",
    "$regexi",
    "$ini",
    "$nini",
    "$alli",
    "$vgt",
    "$vgte",
    "$vlt",
    "$vlte",
    "$veq",
    "$vne",
  ],
];
/** Operators that compare the value with their operand or with its elements. */
const PLAIN_OPERATORS: readonly string[] = [
  ...["$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin"],
];

/** Returns the types that the rules of GrowthBook's features compare attributes with. */
export function growthbookComparisons(configuration: Configuration): Comparisons {
  const comparisons = new Map<string, Set<string>>();
  const add = (attribute: string, kind: string): void => {
    const known = comparisons.get(attribute) ?? new Set();
    comparisons.set(attribute, known.add(kind));
  };
  for (const key of configuration.flagKeys) {
    const { rules } = configuration.flag(key) as Feature; // a compiled feature has its rules
    if (!Array.isArray(rules)) continue;
    for (const { wire } of rules as readonly { readonly wire?: unknown }[]) {
      if (isJsonObject(wire)) readRule(wire, add);
    }
  }
  return comparisons;
}

type Add = (attribute: string, kind: string) => void;

function readRule(wire: JsonObject, add: Add): void {
  const { condition, fallbackAttribute, filters, hashAttribute } = wire;
  add(typeof hashAttribute === "string" && hashAttribute !== "" ? hashAttribute : "id", "hash");
  if (typeof fallbackAttribute === "string") add(fallbackAttribute, "hash");
  for (const filter of Array.isArray(filters) ? filters : []) {
    const attribute = isJsonObject(filter) ? filter["attribute"] : undefined;
    add(typeof attribute === "string" ? attribute : "id", "hash");
  }
  readCondition(condition, add);
}

function readCondition(condition: unknown, add: Add): void {
  if (Array.isArray(condition)) for (const each of condition) readCondition(each, add);
  if (!isJsonObject(condition)) return;
  for (const [key, value] of Object.entries(condition)) {
    if (!key.startsWith("$")) readTest(key, value, add);
    // Saved groups may compare the attribute with values of any type.
    else if (key === "$savedGroup") readGroupReference(value, add);
    else readCondition(value, add);
  }
}

function readGroupReference(reference: unknown, add: Add): void {
  const attribute = isJsonObject(reference) ? reference["attributeKey"] : undefined;
  if (typeof attribute === "string") add(attribute, "group");
}

function readTest(attribute: string, test: unknown, add: Add): void {
  if (!isJsonObject(test)) {
    add(attribute, kindOf(test));
    return;
  }
  const operators = Object.entries(test);
  if (operators.length === 0 || !operators.every(([name]) => name.startsWith("$"))) {
    add(attribute, "object");
    return;
  }
  for (const [operator, operand] of operators) {
    if (operator === "$exists") continue;
    if (operator === "$not") readTest(attribute, operand, add);
    else if (TEXT_OPERATORS.includes(operator)) add(attribute, "string");
    else if (!PLAIN_OPERATORS.includes(operator)) add(attribute, operator);
    else if (!Array.isArray(operand)) add(attribute, kindOf(operand));
    else for (const element of operand) add(attribute, kindOf(element));
  }
}

/** Returns the type of an operand. `null` matches missing attributes, which have no type. */
function kindOf(operand: unknown): string {
  return operand === null ? "absent" : typeof operand;
}
