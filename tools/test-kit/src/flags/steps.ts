import type { FlagDefinition, Rule } from "./definition.js";

/** A rule with its name. */
export interface Step extends Rule {
  readonly name: string;
}

/** Returns the rules, and one for the subjects that none of them applies to. */
export function stepsOf({
  otherwise,
  rules,
}: Pick<FlagDefinition, "otherwise" | "rules">): readonly Step[] {
  const last = { name: "otherwise", conditions: [], subjects: null };
  return [
    ...rules.map((rule, i) => ({ ...rule, name: rule.name ?? `rule-${i + 1}` })),
    ...(otherwise === null ? [] : [{ ...last, outcome: otherwise }]),
  ];
}
