import type {
  AllocationReads,
  AttributeNames,
  ConditionDescription,
} from "@sortition/core/dialect";
import type { StatsigConfiguration } from "../configuration.js";
import type { Spec } from "../spec.js";
import { allocationsOf, GATE_OFF, GATE_ON } from "./describe.js";

/** How Statsig's conditions name attributes. */
export const STATSIG_ATTRIBUTES: AttributeNames = {
  always: new Set(["customIDs", "custom", "privateAttributes", "statsigEnvironment"]),
};

/** What conditions test that is no attribute. */
const OTHERS: readonly string[] = ["current time", "target app", "user bucket"];

/** Returns what each allocation reads: also the experiment that decides instead of it. */
export function readsOfSpec(
  spec: Spec,
  configuration: StatsigConfiguration,
): readonly AllocationReads[] {
  return allocationsOf(spec, configuration).map(({ delegate, description }) => {
    const conditions = description.rules.flatMap((it) => it.conditions);
    const gates = conditions
      .filter(isGate)
      .map(({ attribute }) => configuration.keyOf("gate", attribute));
    const other = delegate === null ? [] : [configuration.keyOf(delegate.kind, delegate.name)];
    const comparisons = conditions.filter((it) => it.problem === null && isComparison(it));
    return { comparisons, flags: [...gates, ...other] };
  });
}

function isGate({ operator }: ConditionDescription): boolean {
  return operator === GATE_ON || operator === GATE_OFF;
}

function isComparison(condition: ConditionDescription): boolean {
  const { attribute } = condition;
  return !isGate(condition) && !OTHERS.includes(attribute) && !attribute.startsWith("environment ");
}
