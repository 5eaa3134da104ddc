import { expectObject, type JsonObject, unexpected } from "@sortition/core/dialect";
import { type HashPrefix, stringOf } from "@sortition/core/dialect-internal";
import { type Condition, type ConditionContext, compileCondition } from "./condition/condition.js";
import { sharePrefix } from "./evaluation/bucket.js";

export type SpecKind = "gate" | "config" | "layer";

/** A gate, a dynamic config, an experiment or a layer. */
export interface Spec {
  readonly kind: SpecKind;
  readonly name: string;
  /** The vendor's kind, such as `experiment`, `segment` or `holdout`. */
  readonly entity: string;
  readonly isEnabled: boolean;
  /** Whether a layer merges the values of several rules. */
  readonly merges: boolean;
  readonly salt: string;
  readonly idType: unknown;
  readonly defaultValue: unknown;
  readonly rules: readonly Rule[];
  /** What each rule hashes before a unit, or `null` if it hashes nothing. */
  readonly prefixes: readonly (HashPrefix | null)[];
}

export interface Rule {
  readonly id: string;
  /** The allocation in events and explanations. It is unique in its spec, but the groups of an experiment share one. */
  readonly allocation: string;
  readonly salt: string;
  readonly idType: unknown;
  readonly passPercentage: number;
  readonly returnValue: unknown;
  /** The experiment that decides instead of the rule, or `null`. */
  readonly delegate: string | null;
  readonly groupName: string | null;
  readonly isGroup: boolean;
  /** The conditions, or the hashes under which the payload has them. */
  readonly conditions: readonly (Condition | string)[];
}

/** A rule that replaces a gate, an experiment or a layer by another. */
export interface Mapping {
  readonly rule: Rule;
  readonly startsAtMs: number;
  readonly target: string;
}

/** The allocation of the groups of an experiment, which follow each other. */
export const GROUPS = "groups";
export const DEFAULT = "default";

/** @throws DecodeError if the vendor's SDK rejects it. */
export function readSpec(
  kind: SpecKind,
  key: string,
  wire: JsonObject,
  path: string,
  context: ConditionContext,
): Spec {
  context.sdk.check("spec", wire, path);
  const rules = wire["rules"];
  if (!Array.isArray(rules)) throw unexpected(`${path}.rules`, "an array", rules);
  const names = new Set<string>([DEFAULT, GROUPS]);
  const salt = stringOf(wire["salt"] ?? "");
  // Quirk: configs and layers return an empty object for a list (statsig, core).
  const valueIn = (value: unknown): unknown =>
    kind !== "gate" && !context.sdk.returnsLists && Array.isArray(value) ? {} : value;
  const read = rules.map((raw: unknown, i) => {
    const rule = readRule(raw, i, `${path}.rules[${i}]`, names, context);
    return { ...rule, returnValue: valueIn(rule.returnValue) };
  });
  return {
    kind,
    name: key,
    entity: stringOf(wire["entity"] ?? ""),
    isEnabled: Boolean(wire["enabled"]),
    merges: kind === "layer" && wire["useNewLayerEval"] === true && context.sdk.mergesLayers,
    salt,
    idType: wire["idType"],
    defaultValue: valueIn(wire["defaultValue"]),
    rules: read,
    prefixes: read.map((rule) => (isAllOrNone(rule) ? null : sharePrefix(salt, rule.salt))),
  };
}

/** Whether a rule's percentage includes each unit or none, so that nothing is hashed. */
export function isAllOrNone({ passPercentage }: Pick<Rule, "passPercentage">): boolean {
  return passPercentage === 100 || passPercentage === 0;
}

/** @param names - the allocations of the rules before it. */
export function readRule(
  raw: unknown,
  index: number,
  path: string,
  names: Set<string>,
  context: ConditionContext,
): Rule {
  const wire = expectObject(raw, path);
  context.sdk.check("rule", wire, path);
  const conditions = wire["conditions"] ?? [];
  if (!Array.isArray(conditions)) throw unexpected(`${path}.conditions`, "an array", conditions);
  const id = stringOf(wire["id"] ?? "");
  const delegate = typeof wire["configDelegate"] === "string" ? wire["configDelegate"] : null;
  const isGroup = wire["isExperimentGroup"] === true;
  return {
    id,
    allocation: isGroup ? GROUPS : uniqueName([delegate ?? id, id], index, names),
    salt: stringOf(wire["salt"] ?? wire["id"]),
    idType: wire["idType"],
    passPercentage: Number(stringOf(wire["passPercentage"])),
    returnValue: wire["returnValue"],
    delegate,
    groupName: typeof wire["groupName"] === "string" ? wire["groupName"] : null,
    isGroup,
    conditions: conditions.map((it: unknown, i) => {
      const at = `${path}.conditions[${i}]`;
      return typeof it === "string" ? it : compileCondition(expectObject(it, at), at, context);
    }),
  };
}

function uniqueName(wanted: readonly string[], index: number, names: Set<string>): string {
  const name = wanted.find((it) => it !== "" && !names.has(it)) ?? `rule-${index}`;
  names.add(name);
  return name;
}
