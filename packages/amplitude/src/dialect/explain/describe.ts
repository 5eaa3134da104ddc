import {
  type AllocationDescription,
  type ConditionDescription,
  type Configuration,
  type Decoded,
  DecodeError,
  describeBroken,
  type FlagDescription,
  type HashedUnit,
  isJsonObject,
  type JsonObject,
  type RuleDescription,
  type VariationDescription,
} from "@sortition/core/dialect";
import type { Condition } from "../condition/condition.js";
import type { AmplitudeConfiguration } from "../configuration.js";
import type { Rule, Segment } from "../evaluation/segment.js";
import type { AmplitudeFlag } from "../flag.js";
import { shownText } from "./shown-text.js";
import { splitsOf } from "./split.js";
import { trafficOf } from "./traffic.js";

/**
 * Describes a flag. A segment becomes an allocation, and a distribution becomes a split with two
 * shards. The compiled form of a flag only has what evaluations need, so the received one is read.
 */
export function describeFlag(
  { key, segments }: AmplitudeFlag,
  configuration: Configuration,
): FlagDescription {
  const wire = wireOf(configuration, key);
  if (segments instanceof DecodeError) return describeBroken(key, segments.message);
  return {
    ...{ key, valueType: null, isEnabled: true, isHashed: false, followsRanges: true },
    variations: describeVariants(wire["variants"]),
    allocations: segments.map((it, i) => {
      return describeSegment(it, listOf(wire["segments"])[i], i, configuration);
    }),
    problem: null,
  };
}

/** Returns a flag as received, or an empty object if it is not an object. */
export function wireOf(configuration: Configuration, flagKey: string): JsonObject {
  const { raw } = configuration as AmplitudeConfiguration; // an explainer is given configurations of its dialect
  try {
    const wire = raw.read(flagKey, "$");
    return isJsonObject(wire) ? wire : {};
  } catch {
    return {}; // not JSON, which is already the flag's error
  }
}

function describeVariants(variants: unknown): VariationDescription[] {
  if (!isJsonObject(variants)) return [];
  return Object.entries(variants).map(([key, variant]) => {
    if (!isJsonObject(variant)) return { key, value: variant, problem: null };
    return { key, value: variant["value"] ?? variant["payload"], problem: null };
  });
}

/** Returns an empty list for a value that is not a list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function describeSegment(
  segment: Decoded<Segment>,
  received: unknown,
  index: number,
  configuration: Configuration,
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
    holdout: segment.bucket === null ? holdoutIn(wire["conditions"], configuration) : null,
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

const HOLDOUT = "holdout-group";

/** Returns the holdout group that keeps its users out. Other rules of the segment may be about other flags. */
function holdoutIn(rules: unknown, configuration: Configuration): string | null {
  for (const it of listOf(rules).flatMap(listOf)) {
    const { op, selector } = objectOf(it);
    const [root, key, member] = listOf(selector);
    const isOther = op === "is not" && root === "result" && member === "key";
    if (!isOther || typeof key !== "string") continue;
    if (objectOf(wireOf(configuration, key)["metadata"])["flagType"] === HOLDOUT) return key;
  }
  return null;
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
  return rules.map((it, i) => describeRule(it, listOf(wire)[i]));
}

function describeRule(rule: Rule, wire: unknown): RuleDescription {
  if (rule instanceof DecodeError) return { conditions: [], problem: rule.message };
  const conditions = rule.map((it, i) => describeCondition(it, objectOf(listOf(wire)[i])));
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
