import { stringOf } from "@sortition/core/dialect-internal";
import { type Condition, type ExternalRead, gateIn, lookupIn } from "./condition/condition.js";
import type { EvaluatedConfiguration } from "./evaluation/evaluation-call.js";
import type { Spec } from "./spec.js";

/** Returns what evaluations of a spec, and of the gates and experiments that it reads, may look up outside of the payload. */
export function externalReadsOf(
  spec: Spec,
  configuration: EvaluatedConfiguration,
): readonly ExternalRead[] {
  const found = new Map<string, ExternalRead>();
  // The loop also visits the specs that are added to the set during the iteration.
  const specs = new Set([spec]);
  for (const it of specs) {
    if (it.kind === "config" && configuration.isBandit(it.name)) {
      found.set(`bandit ${it.name}`, { kind: "bandit", name: it.name });
    }
    const overrides = configuration.mappingsOf(it);
    const targets = overrides.map(({ target }) => configuration[it.kind](target));
    const rules = [...it.rules, ...overrides.map(({ rule }) => rule)];
    const delegates = rules.map(({ delegate }) => delegate && configuration.config(delegate));
    const conditions = rules.flatMap((rule) =>
      rule.conditions.flatMap((one) => configuration.condition(one) ?? []),
    );
    for (const read of conditions.flatMap((one) => lookupIn(one) ?? [])) {
      found.set(`${read.kind} ${read.name}`, read);
    }
    const tested = conditions.flatMap((one) => specsIn(one, configuration));
    for (const other of [...targets, ...delegates, ...tested]) if (other) specs.add(other);
  }
  return [...found.values()];
}

/** Returns the gates and the experiment that a condition tests. */
function specsIn(
  { type, wire }: Condition,
  configuration: EvaluatedConfiguration,
): readonly (Spec | null)[] {
  if (type === "experiment_group") return [configuration.config(stringOf(wire["field"]))];
  if (!type.endsWith("_gate")) return [];
  const { targetValue } = wire;
  const names = Array.isArray(targetValue) ? targetValue.map((it) => stringOf(it)) : [gateIn(wire)];
  return names.map((name) => configuration.gate(name));
}
