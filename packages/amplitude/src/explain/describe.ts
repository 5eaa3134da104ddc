import {
  type AllocationDescription,
  type ConditionDescription,
  type Decoded,
  DecodeError,
  type FlagDescription,
  isJsonObject,
  type RuleDescription,
  type VariationDescription,
} from "@sortition/core/dialect";
import type { Condition } from "../dialect/condition.js";
import type { AmplitudeFlag } from "../dialect/flag.js";
import type { Rule, Segment } from "../dialect/segment.js";
import { shownText } from "./shown-text.js";
import { splitsOf } from "./split.js";
import { trafficOf } from "./traffic.js";

/** Describes a flag: a segment is an allocation, a distribution is a split with two shards. */
export function describeFlag({ key, segments, wire }: AmplitudeFlag): FlagDescription {
  const common = { key, valueType: null, isEnabled: true, isHashed: false };
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
    allocations: segments.map(describeSegment),
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

function describeSegment(segment: Decoded<Segment>, index: number): AllocationDescription {
  const common = { key: `segment-${index}`, window: null, traffic: null, isLogged: false };
  if (segment instanceof DecodeError) {
    return { ...common, rules: [{ conditions: [], problem: segment.message }], splits: [] };
  }
  const splits = splitsOf(segment);
  return {
    ...common,
    key: nameOf(segment, index),
    rules: describeRules(segment.rules),
    splits: splits.map(({ description }) => description),
    traffic: trafficOf(segment),
    isLogged: splits.some(({ outcome }) => {
      const answer = outcome?.evaluations.boolean;
      return answer?.kind === "assigned" && answer.exposure !== null;
    }),
  };
}

function nameOf({ wire }: Segment, index: number): string {
  const { metadata } = wire;
  const name = isJsonObject(metadata) ? metadata["segmentName"] : undefined;
  return typeof name === "string" ? name : String(index);
}

const EMPTY = "an empty list of conditions never holds";

function describeRules(rules: Segment["rules"]): RuleDescription[] {
  if (rules === null) return [];
  if (rules instanceof DecodeError) return [{ conditions: [], problem: rules.message }];
  if (rules.length === 0) return [{ conditions: [], problem: EMPTY }];
  return rules.map(describeRule);
}

function describeRule(rule: Rule): RuleDescription {
  if (rule instanceof DecodeError) return { conditions: [], problem: rule.message };
  return { conditions: rule.map(describeCondition), problem: null };
}

function describeCondition(condition: Decoded<Condition>): ConditionDescription {
  if (condition instanceof DecodeError) {
    return { attribute: "", operator: "", expected: undefined, problem: condition.message };
  }
  const { op, selector, values } = condition.wire;
  return {
    attribute: attributeOf(selector),
    operator: shownText(op),
    expected: values,
    problem: null,
  };
}

/** A path without its root, which is nearly always `context`. */
function attributeOf(selector: unknown): string {
  if (!Array.isArray(selector)) return "";
  const [root, ...rest] = selector.map(shownText);
  return root === "context" ? rest.join(".") : [root, ...rest].join(".");
}
