import {
  type ConditionPlace,
  isJsonObject,
  type JsonObject,
  type Recorder,
} from "@sortition/core/dialect";
import { sha256Modulo } from "@sortition/core/dialect-internal";
import { bucketsOf, type Condition } from "../condition/condition.js";
import { DEFAULT, isAllOrNone, type Rule, type Spec } from "../spec.js";
import { SHARES, sharePrefix, sharesOf } from "./bucket.js";
import type { EvaluationCall } from "./evaluation-call.js";
import { type Outcome, UNDECIDED, variationIn } from "./outcome.js";
import { FAILS, HOLDS, type Tested, UNRESOLVED, UNSUPPORTED } from "./tested.js";

/** The type of a condition that hashes a unit. */
export const HASHING = "user_bucket";

/** Evaluates a spec, and the gates and experiments that it needs. */
export function evaluateSpec(spec: Spec, call: EvaluationCall): Outcome {
  const { configuration } = call;
  const { sdk } = configuration;
  const mapped = mappedBy(spec, call);
  if (mapped !== null) return mapped;
  if (spec.kind === "config" && configuration.isBandit(spec.name)) return UNDECIDED;
  if (!spec.isEnabled && !sdk.appliesDisabled) {
    return { ...UNDECIDED, kind: "decided", ruleId: "disabled", json: spec.defaultValue };
  }
  if (spec.merges) return mergedLayer(spec, call);
  for (const [index, rule] of spec.rules.entries()) {
    const tested = testRule(rule, index, call);
    call.recorder?.tried(rule.allocation, tested);
    const open = openOutcome(tested, rule);
    if (open !== null) return open;
    if (tested === FAILS) continue;
    const delegated = delegatedBy(rule, call);
    if (delegated !== null) return delegated;
    return isInShare(spec, rule, index, call) ? passed(rule, call) : failed(spec, rule, call);
  }
  const ruleId = spec.isEnabled ? DEFAULT : "disabled";
  const value = sdk.failed(spec.defaultValue);
  return { ...UNDECIDED, kind: "decided", ruleId, value, json: spec.defaultValue };
}

/** Returns the outcome of a spec whose rule cannot be tested; `null` if it was. */
function openOutcome(tested: Tested, { allocation }: Rule): Outcome | null {
  if (tested === UNSUPPORTED) return { ...UNDECIDED, kind: "unsupported", allocation };
  return tested === UNRESOLVED ? { ...UNDECIDED, allocation } : null;
}

/** Tests all conditions of a rule, because an unknown one counts even if another fails. */
function testRule(rule: Rule, index: number, call: EvaluationCall): Tested {
  let outcome: Tested = HOLDS;
  let isHashed = false;
  let meetsOthers = true;
  const { allocation, conditions } = rule;
  const { recorder } = call;
  for (let i = 0; i < conditions.length; i++) {
    const condition = call.configuration.condition(conditions[i] as Condition | string); // i < length
    if (condition === null) return UNSUPPORTED;
    const tested =
      recorder === null
        ? condition.test(call)
        : testRecorded(condition, { allocation, rule: index, index: i }, call, recorder);
    if (tested === UNSUPPORTED) return UNSUPPORTED;
    if (condition.type === HASHING) isHashed = true;
    else if (tested !== HOLDS) meetsOthers = false;
    if (tested === FAILS) outcome = FAILS;
    else if (tested === UNRESOLVED && outcome === HOLDS) outcome = UNRESOLVED;
  }
  if (isHashed && meetsOthers) call.scope.placed?.();
  return outcome;
}

/** A separate function, because a closure in the loop would be created for each condition. */
function testRecorded(
  condition: Condition,
  place: ConditionPlace,
  call: EvaluationCall,
  recorder: Recorder,
): Tested {
  const actual = condition.actual(call);
  if (condition.type === HASHING && typeof actual === "number") {
    recorder.shard(place.allocation, bucketsOf(condition.wire), actual);
  }
  return recorder.condition(place, actual, () => condition.test(call));
}

function delegatedBy(rule: Rule, call: EvaluationCall): Outcome | null {
  if (rule.delegate === null) return null;
  const experiment = call.configuration.delegate(rule.delegate);
  return experiment && { ...ofOther(experiment, rule.allocation, call), delegate: rule.delegate };
}

/** Returns the outcome of another spec that decides. */
function ofOther(other: Spec, allocation: string, call: EvaluationCall): Outcome {
  const outcome = call.outcomeOf(other);
  return { ...outcome, allocation, variation: variationIn(other.name, outcome.variation) };
}

function isInShare(spec: Spec, rule: Rule, index: number, call: EvaluationCall): boolean {
  const { idType, passPercentage, salt } = rule;
  if (isAllOrNone(rule)) return passPercentage === 100;
  const unit = call.configuration.sdk.textOf(call.unit(idType));
  const prefix = spec.prefixes[index] ?? sharePrefix(spec.salt, salt);
  const bucket = sha256Modulo(unit, SHARES, prefix);
  call.recorder?.shard(rule.allocation, sharesOf(spec.salt, salt), bucket);
  call.scope.placed?.();
  return bucket < passPercentage * 100;
}

function passed(rule: Rule, { configuration }: EvaluationCall): Outcome {
  const { allocation, groupName, id: ruleId, isGroup, returnValue } = rule;
  return {
    ...{
      kind: "decided",
      value: configuration.sdk.passed(returnValue),
      json: returnValue,
      ruleId,
      groupName,
    },
    ...{ rule, isGroup, delegate: null, variation: variationOf(rule), allocation },
  };
}

function failed({ defaultValue }: Spec, rule: Rule, call: EvaluationCall): Outcome {
  const value = call.configuration.sdk.failed(defaultValue);
  return { ...passed(rule, call), value, json: defaultValue, isGroup: false, variation: DEFAULT };
}

/** The key of a rule's variation. */
export function variationOf({ groupName, id }: Pick<Rule, "groupName" | "id">): string {
  return groupName ?? id;
}

/** Replaces a spec by another, for the subjects of the payload's overrides. */
function mappedBy(spec: Spec, call: EvaluationCall): Outcome | null {
  const { configuration } = call;
  for (const { rule, startsAtMs, target: name } of configuration.mappingsOf(spec)) {
    if (startsAtMs > call.nowMs()) continue;
    if (testRule(rule, -1, call) !== HOLDS || !isInShare(spec, rule, -1, call)) continue;
    const target = configuration[spec.kind](name);
    if (target !== null) return ofOther(target, rule.allocation, call);
  }
  return null;
}

/** Merges the parameters of all rules that apply, of which only the first may be an experiment. */
function mergedLayer(spec: Spec, call: EvaluationCall): Outcome {
  const values = Object.create(null) as Record<string, unknown>; // a parameter may be named __proto__
  const names: string[] = [];
  let result: Outcome = { ...UNDECIDED, kind: "decided", ruleId: DEFAULT };
  for (const [index, rule] of spec.rules.entries()) {
    const tested = testRule(rule, index, call);
    call.recorder?.tried(rule.allocation, tested);
    const open = openOutcome(tested, rule);
    if (open !== null) return open;
    if (tested === FAILS || !isInShare(spec, rule, index, call)) continue;
    const delegated = delegatedBy(rule, call);
    if (delegated === null) {
      addTo(values, rule.returnValue);
      names.push(variationOf(rule));
      result = { ...result, value: true };
    } else {
      if (delegated.kind !== "decided") return delegated;
      const given = membersOf(delegated.json);
      if (names.length > 0 || Object.keys(given).some((it) => Object.hasOwn(values, it))) continue;
      addTo(values, given);
      names.push(delegated.variation);
      result = { ...delegated, ruleId: rule.id, isGroup: rule.isGroup };
    }
    if (names.length === 1) result = { ...result, allocation: rule.allocation };
  }
  addTo(values, spec.defaultValue);
  return { ...result, json: values, variation: names.join(" + ") || DEFAULT };
}

function addTo(values: Record<string, unknown>, more: unknown): void {
  for (const [name, value] of Object.entries(membersOf(more))) {
    if (!Object.hasOwn(values, name)) values[name] = value;
  }
}

function membersOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
