import type { RuleDescription } from "../description.js";
import { conditionText } from "./parts.js";

/** Formats rules as one string, with conditions joined by `and` and rules joined by `or`. */
export function rulesText(rules: readonly RuleDescription[]): string {
  if (rules.length === 0) return "all subjects";
  const texts = rules.map(({ conditions, problem }) => {
    if (problem !== null) return "malformed";
    return conditions.length === 0 ? "all subjects" : conditions.map(conditionText).join(" and ");
  });
  return texts.join(", or ");
}
