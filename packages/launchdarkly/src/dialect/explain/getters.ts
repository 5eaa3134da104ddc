import { type Decoded, DecodeError, type FlagGetter, gettersFrom } from "@sortition/core/dialect";
import { type Clause, referenceIn } from "../condition/clause.js";
import type { FlagDefinition } from "../flag-definition.js";
import type { RulePart, Served } from "../flag-parts.js";
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
function canFail(definition: FlagDefinition): boolean {
  const { fallthrough, isOn, prerequisites, rules, targets } = definition;
  if (!isOn) return false;
  if (prerequisites instanceof DecodeError || prerequisites.length > 0) return true;
  if (targets instanceof DecodeError || rules instanceof DecodeError) return true;
  const isBrokenTarget = targets.some(
    (it) => it instanceof DecodeError || it.keys instanceof DecodeError,
  );
  return isBrokenTarget || rules.some(canRuleFail) || canServedFail(fallthrough);
}

function canRuleFail(rule: Decoded<RulePart>): boolean {
  if (rule instanceof DecodeError || rule.clauses instanceof DecodeError) return true;
  const { clauses, served } = rule;
  return canServedFail(served) || (clauses ?? []).some(canClauseFail);
}

function canServedFail(served: Served): boolean {
  return served.kind === "rollout" && served.shares.some((it) => it instanceof DecodeError);
}

function canClauseFail(clause: Decoded<Clause>): boolean {
  if (clause instanceof DecodeError) return true;
  const { op, values } = clause.wire;
  return op === "segmentMatch" || referenceIn(clause.wire) === null || !Array.isArray(values);
}
