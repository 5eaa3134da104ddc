import {
  attemptEach,
  type Decoded,
  DecodeError,
  decodeError,
  howOf,
  type JsonObject,
  type Report,
  unexpected,
} from "@sortition/core/dialect";
import { type Clause, type ClauseContext, compileClause } from "./condition/clause.js";
import { type Bucketing, compileBucketing } from "./evaluation/bucket.js";
import { type KeyList, readKeyList } from "./evaluation/key-list.js";
import { malformed, type Outcome, type Outcomes, type Part } from "./evaluation/outcome.js";
import type { LaunchdarklyReason } from "./evaluation/reason.js";
import { numberOf, present, stringOf } from "./json-values.js";
import { membersOf } from "./members.js";

/** A flag that another flag requires. */
export interface PrerequisitePart {
  readonly key: string;
  readonly variation: unknown;
  /** The outcome if it is off or has another variation. */
  readonly failed: Outcome;
}

/** Keys that get a variation. */
export interface TargetPart extends KeyList {
  readonly allocation: string;
  readonly outcome: Outcome;
}

/** One variation of a rollout. */
export interface Share {
  /** Exclusive end of its range of buckets. `NaN`: it has none. */
  readonly end: number;
  /** Weight as received. */
  readonly weight: unknown;
  readonly outcome: Outcome;
  /** The outcome of contexts that are in the experiment. */
  readonly inExperiment: Outcome;
}

/** What a rule or the fallthrough gives. */
export type Served =
  | { readonly kind: "variation"; readonly outcome: Outcome }
  | {
      readonly kind: "rollout";
      readonly bucketing: Bucketing;
      readonly isExperiment: boolean;
      /** Whether it gives several variations. */
      readonly isSplit: boolean;
      readonly shares: readonly Decoded<Share>[];
    };

export interface RulePart {
  readonly allocation: string;
  /** `null`: it has no clauses, and never applies. */
  readonly clauses: Decoded<readonly Decoded<Clause>[]> | null;
  readonly served: Served;
}

/** What the parts of a flag have in common. */
export interface FlagContext extends ClauseContext {
  readonly key: string;
  readonly path: string;
  readonly salt: unknown;
  readonly outcomes: Outcomes;
  /** Whether the vendor's SDK sends an event for each evaluation. */
  readonly isTracked: boolean;
}

/** The allocation of a flag that is off. */
export const OFF_ALLOCATION = "off";
export const FALLTHROUGH_ALLOCATION = "fallthrough";
export const PREREQUISITES_ALLOCATION = "prerequisites";

/** Returns the outcome of the off variation. Without one, callers get their default. */
export function offOutcome(
  wire: JsonObject,
  allocation: string,
  reason: LaunchdarklyReason,
  { isTracked, outcomes }: FlagContext,
): Outcome {
  const { offVariation } = wire;
  if (typeof offVariation !== "number") return outcomes.none(reason);
  return outcomes.of(offVariation, { allocation, reason, how: "disabled", isTracked });
}

export function readPrerequisites(
  wire: JsonObject,
  context: FlagContext,
): Decoded<readonly Decoded<PrerequisitePart>[]> {
  const { path, report } = context;
  const prerequisites = present(wire["prerequisites"]);
  if (prerequisites === undefined) return [];
  const read = (raw: unknown, at: string): PrerequisitePart => {
    const { key, variation } = membersOf(raw, at, report);
    const reason = { kind: "PREREQUISITE_FAILED", prerequisiteKey: present(key) } as const;
    const failed = offOutcome(wire, PREREQUISITES_ALLOCATION, reason, context);
    return { key: stringOf(present(key)), variation: present(variation), failed };
  };
  return attemptEach(prerequisites, `${path}.prerequisites`, read, report);
}

/** Reads the targets in their order. Entries of users refer to the first list of users with the same variation. */
export function readTargets(
  wire: JsonObject,
  context: FlagContext,
): Decoded<readonly Decoded<TargetPart>[]> {
  const { path, report } = context;
  const ofUsers = present(wire["targets"]) ?? [];
  const ofContexts = present(wire["contextTargets"]);
  const hasContexts = Array.isArray(ofContexts) ? ofContexts.length > 0 : false;
  if (!hasContexts) {
    const read = (raw: unknown, at: string, i: number): TargetPart => targetOf(raw, at, i, context);
    return attemptEach(ofUsers, `${path}.targets`, read, report);
  }
  const users: readonly unknown[] = Array.isArray(ofUsers) ? ofUsers : [];
  const nullAt = users.indexOf(null);
  let indexes: ReadonlyMap<unknown, number> | null = null;
  const read = (raw: unknown, at: string, i: number): TargetPart => {
    const target = membersOf(raw, at, report);
    if (target["contextKind"] && target["contextKind"] !== "user") {
      return targetOf(target, at, i, context);
    }
    indexes ??= firstIndexes(users, `${path}.targets`, report);
    const index = indexes.get(target["variation"]);
    if (index !== undefined) return targetOf(users[index], `${path}.targets[${index}]`, i, context);
    if (nullAt !== -1) throw unexpected(`${path}.targets[${nullAt}]`, "an object", null);
    return targetOf({ ...target, values: [] }, at, i, context);
  };
  return attemptEach(ofContexts, `${path}.contextTargets`, read, report);
}

/** Returns the index of the first target of each variation. Ends at a `null`, where the vendor's SDK throws. */
function firstIndexes(targets: readonly unknown[], path: string, report: Report) {
  const indexes = new Map<unknown, number>();
  for (const [i, target] of targets.entries()) {
    if (target === null) break;
    const { variation } = membersOf(target, `${path}[${i}]`, report);
    if (!indexes.has(variation)) indexes.set(variation, i);
  }
  return indexes;
}

function targetOf(raw: unknown, path: string, index: number, context: FlagContext): TargetPart {
  const { isTracked, outcomes, report } = context;
  const allocation = `target-${index}`;
  const part: Part = { allocation, reason: TARGET_MATCH, how: "rule", isTracked };
  const { variation } = membersOf(raw, path, report);
  const outcome = outcomes.of(variation, part);
  if (outcome.problem !== "") report(decodeError(path, outcome.problem));
  return { ...readKeyList(raw, path, report), allocation, outcome };
}

const TARGET_MATCH: LaunchdarklyReason = { kind: "TARGET_MATCH" };

export function readRules(
  wire: JsonObject,
  context: FlagContext,
): Decoded<readonly Decoded<RulePart>[]> {
  const rules = present(wire["rules"]);
  if (rules === undefined) return [];
  const names = new Set<string>([OFF_ALLOCATION, FALLTHROUGH_ALLOCATION, PREREQUISITES_ALLOCATION]);
  const read = (raw: unknown, at: string, index: number): RulePart => {
    const rule = membersOf(raw, at, context.report);
    const { id } = rule;
    // Ids stay when rules are moved. They are not unique in a malformed flag.
    const isName = typeof id === "string" && id !== "" && !names.has(id);
    const allocation = isName ? id : `rule-${index}`;
    names.add(allocation);
    const clauses = present(rule["clauses"]);
    const readClause = (clause: unknown, path: string) => compileClause(clause, path, context);
    const reason = { kind: "RULE_MATCH", ruleIndex: index, ruleId: present(id) } as const;
    const hasConditions = Array.isArray(clauses) && clauses.length > 0;
    const isTracked = context.isTracked || Boolean(rule["trackEvents"]);
    return {
      allocation,
      clauses: clauses ? attemptEach(clauses, `${at}.clauses`, readClause, context.report) : null,
      served: readServed(rule, at, { allocation, reason, isTracked }, context, {
        hasConditions,
        isFirst: index === 0 && !hasEarlierParts(wire),
      }),
    };
  };
  return attemptEach(rules, `${context.path}.rules`, read, context.report);
}

export function readFallthrough(wire: JsonObject, context: FlagContext): Served {
  const rules = wire["rules"];
  const isFirst = !hasEarlierParts(wire) && !(Array.isArray(rules) && rules.length > 0);
  const isTracked = context.isTracked || Boolean(wire["trackEventsFallthrough"]);
  const reason = { kind: "FALLTHROUGH" } as const;
  const part = { allocation: FALLTHROUGH_ALLOCATION, reason, isTracked };
  const path = `${context.path}.fallthrough`;
  const facts = { hasConditions: false, isFirst };
  return readServed(wire["fallthrough"] ?? {}, path, part, context, facts);
}

function hasEarlierParts(wire: JsonObject): boolean {
  const lists = [wire["prerequisites"], wire["targets"], wire["contextTargets"]];
  return lists.some((it) => Array.isArray(it) && it.length > 0);
}

function readServed(
  raw: unknown,
  path: string,
  part: Omit<Part, "how">,
  context: FlagContext,
  facts: { readonly hasConditions: boolean; readonly isFirst: boolean },
): Served {
  const { key, outcomes, report, salt } = context;
  const broken = (problem: string): Served => {
    report(decodeError(path, problem));
    return { kind: "variation", outcome: malformed(problem) };
  };
  const { rollout, variation } = (typeof raw === "object" ? raw : {}) as JsonObject;
  const single = present(variation);
  if (single !== undefined) {
    const how = howOf({ ...facts, isSplit: () => false });
    const outcome = outcomes.of(single, { ...part, how });
    return outcome.problem === "" ? { kind: "variation", outcome } : broken(outcome.problem);
  }
  const { bucketBy, contextKind, kind, seed, variations } = (
    typeof rollout === "object" && rollout !== null ? rollout : {}
  ) as JsonObject;
  if (!Array.isArray(variations) || variations.length === 0) {
    return broken("has neither a variation nor a rollout");
  }
  const isExperiment = kind === "experiment";
  const bucketing = compileBucketing({
    ...{ key, salt, seed, contextKind },
    bucketBy: isExperiment ? undefined : bucketBy,
  });
  if (bucketing === null) return broken("hashes an attribute with an invalid reference");
  const isSplit = servedIndexes(variations).size > 1;
  const how = howOf({ ...facts, isSplit: () => isSplit });
  let end = 0;
  const read = (wire: unknown, at: string): Share => {
    const { untracked, variation: index, weight } = membersOf(wire, at, report);
    end += numberOf(weight) / 100_000;
    const outcome = outcomes.of(index, { ...part, how });
    if (outcome.problem !== "") report(decodeError(at, outcome.problem));
    const reason = { ...part.reason, inExperiment: true } as LaunchdarklyReason; // of a rule or a fallthrough
    const inExperiment =
      isExperiment && !untracked
        ? outcomes.of(index, { ...part, how, reason, isTracked: true })
        : outcome;
    return { end, weight, outcome, inExperiment };
  };
  const shares = attemptEach(variations, `${path}.rollout.variations`, read, report);
  if (shares instanceof DecodeError) throw shares; // it is an array
  return { kind: "rollout", bucketing, isExperiment, isSplit, shares };
}

/** Returns the variations that a rollout gives to some contexts. Those behind the last share get its variation. */
function servedIndexes(variations: readonly unknown[]): ReadonlySet<unknown> {
  const served = new Set<unknown>();
  let sum = 0;
  for (const [i, it] of variations.entries()) {
    const { variation, weight } = (it ?? {}) as JsonObject;
    const isLast = i === variations.length - 1;
    const end = isLast ? 100_000 : Math.min(100_000, sum + (numberOf(weight) || 0));
    if (end > sum) served.add(variation);
    sum = Math.max(sum, end);
  }
  return served;
}
