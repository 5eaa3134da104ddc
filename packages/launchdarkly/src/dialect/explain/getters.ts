import { type Decoded, DecodeError, type FlagGetter, gettersFrom } from "@sortition/core/dialect";
import type { FlagDefinition } from "../flag-definition.js";
import type { RulePart } from "../flag-parts.js";
import { describeFlag } from "./describe.js";

/** Returns the getters that have values for a flag. */
export function gettersOfFlag(definition: FlagDefinition): readonly FlagGetter[] {
  const { allocations } = describeFlag(definition);
  const assigned = new Set<string>();
  for (const { traffic } of allocations) {
    for (const [variation, share] of traffic?.byVariation ?? []) {
      if (share > 0) assigned.add(variation);
    }
  }
  const outcomes = definition.variations.map((value, i) => ({
    isAssigned: assigned.has(String(i)),
    value: () => value,
  }));
  const areSound = allocations.every(({ splits }) => splits.every((it) => it.problem === null));
  return gettersFrom(outcomes, areSound && allocations.length > 0 && !canFail(definition));
}

/** Returns whether the flag may have no value for some subject, because of another flag, a segment or its own faults. */
function canFail({ isOn, prerequisites, rules, targets }: FlagDefinition): boolean {
  if (!isOn) return false;
  if (prerequisites instanceof DecodeError || prerequisites.length > 0) return true;
  if (targets instanceof DecodeError || rules instanceof DecodeError) return true;
  return targets.some((it) => it instanceof DecodeError) || rules.some(canRuleFail);
}

function canRuleFail(rule: Decoded<RulePart>): boolean {
  if (rule instanceof DecodeError || rule.clauses instanceof DecodeError) return true;
  const { clauses, served } = rule;
  if (served.kind === "rollout" && served.shares.some((it) => it instanceof DecodeError))
    return true;
  return (clauses ?? []).some(
    (it) => it instanceof DecodeError || it.wire["op"] === "segmentMatch",
  );
}
