import {
  type AllocationDescription,
  type ConditionDescription,
  type Decoded,
  DecodeError,
  type FlagDescription,
  type HashedUnit,
  isJsonObject,
  type JsonObject,
  type RuleDescription,
  type VariationDescription,
} from "@sortition/core/dialect";
import type { Condition } from "../condition/condition.js";
import type { Rule, Segment } from "../evaluation/segment.js";
import type { AmplitudeFlag } from "../flag.js";
import { shownText } from "./shown-text.js";
import { splitsOf } from "./split.js";
import { trafficOf } from "./traffic.js";

/**
 * Describes a flag. A segment becomes an allocation, and a distribution becomes a split with two
 * shards.
 *
 * @param wire - the flag as received, because its compiled form only has what evaluations need.
 */
export function describeFlag({ key, segments }: AmplitudeFlag, wire: JsonObject): FlagDescription {
  const common = { key, valueType: null, isEnabled: true, isHashed: false, followsRanges: true };
  if (segments instanceof DecodeError) {
    return {
      ...common,
      isEnabled: false,
      variations: [],
      allocations: [],
      problem: segments.message,
    };
  }
  return {
    ...common,
    variations: describeVariants(wire["variants"]),
    allocations: segments.map((it, i) => describeSegment(it, elementOf(wire["segments"], i), i)),
    problem: null,
  };
}

function describeVariants(variants: unknown): VariationDescription[] {
  if (!isJsonObject(variants)) return [];
  return Object.entries(variants).map(([key, variant]) => {
    if (!isJsonObject(variant)) return { key, value: variant, problem: null };
    return { key, value: variant["value"] ?? variant["payload"], problem: null };
  });
}

/**
 * Returns an element of a list, or `undefined` if the value is not a list or has no such element.
 */
function elementOf(list: unknown, index: number): unknown {
  return Array.isArray(list) ? (list as readonly unknown[])[index] : undefined;
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function describeSegment(
  segment: Decoded<Segment>,
  received: unknown,
  index: number,
): AllocationDescription {
  const common = {
    ...{ key: `segment-${index}`, window: null, unit: null, traffic: null },
    ...{ participants: null, holdout: null, isLogged: false },
  };
  if (segment instanceof DecodeError) {
    return { ...common, rules: [{ conditions: [], problem: segment.message }], splits: [] };
  }
  const wire = objectOf(received);
  const splits = splitsOf(segment, wire);
  return {
    ...common,
    key: nameOf(segment, index),
    rules: describeRules(segment.rules, wire["conditions"]),
    splits: splits.map(({ description }) => description),
    unit: unitOf(objectOf(wire["bucket"])["selector"]),
    traffic: trafficOf(segment, splits),
    isLogged: splits.some(({ outcome }) => outcome !== null && outcome.exposure !== null),
  };
}

/** Returns what a path of a bucket selects. `null`: there is no bucket. */
function unitOf(selector: unknown): HashedUnit | null {
  if (!Array.isArray(selector)) return null;
  const [root, field = "", ...rest] = selector.slice(1).map(shownText); // without `context`
  if (root === "groups") return { name: `group ${field}`, attributes: [`groups.${field}`] };
  if (field === "user_id") return { name: field, attributes: [] };
  const name = field === "user_properties" ? rest.join(".") : field;
  return { name, attributes: [name] };
}

function nameOf({ metadata }: Segment, index: number): string {
  const name = isJsonObject(metadata) ? metadata["segmentName"] : undefined;
  return typeof name === "string" ? name : String(index);
}

const EMPTY = "an empty list of conditions never matches";

function describeRules(rules: Segment["rules"], wire: unknown): RuleDescription[] {
  if (rules === null) return [];
  if (rules instanceof DecodeError) return [{ conditions: [], problem: rules.message }];
  if (rules.length === 0) return [{ conditions: [], problem: EMPTY }];
  return rules.map((it, i) => describeRule(it, elementOf(wire, i)));
}

function describeRule(rule: Rule, wire: unknown): RuleDescription {
  if (rule instanceof DecodeError) return { conditions: [], problem: rule.message };
  const conditions = rule.map((it, i) => describeCondition(it, objectOf(elementOf(wire, i))));
  return { conditions, problem: null };
}

function describeCondition(
  condition: Decoded<Condition>,
  { op, selector, values }: JsonObject,
): ConditionDescription {
  if (condition instanceof DecodeError) {
    return { attribute: "", operator: "", expected: undefined, problem: condition.message };
  }
  return {
    attribute: attributeOf(selector),
    operator: shownText(op),
    expected: values,
    problem: null,
  };
}

/** Returns a path without its root, which is nearly always `context`. */
function attributeOf(selector: unknown): string {
  if (!Array.isArray(selector)) return "";
  const [root, ...rest] = selector.map(shownText);
  return root === "context" ? rest.join(".") : [root, ...rest].join(".");
}
