import { md5Hex } from "../../hash/md5.js";
import type { Attributes } from "../../model/attributes.js";
import type { Defaulted, Evaluation } from "../../model/evaluation.js";
import type { Scope } from "../../model/scope.js";
import type { Subject } from "../../model/subject.js";
import type { Trace } from "../../model/trace.js";
import type { CompiledRule } from "../condition/rule.js";
import type { AllocationEvaluationCode } from "../evaluation-details.js";
import type { CompiledAllocation, CompiledSplit, UfcFlag, Window } from "../flag.js";
import {
  type CompiledShard,
  isInShard,
  type KnownShards,
  NO_KNOWN_SHARDS,
  returnShards,
  takeShards,
} from "./shard.js";

/** Outcome of a disabled flag. */
export const FLAG_DISABLED: Defaulted = { kind: "default", reason: "disabled" };
const NO_ALLOCATION: Defaulted = { kind: "default", reason: "no-allocation" };

/** Receives the outcome of each allocation, in order. */
export interface AllocationListener {
  /** Called if the next allocation does not apply. */
  missed(allocation: CompiledAllocation, code: AllocationEvaluationCode): void;
  /** Called if the next allocation applies, by this rule (`null`: it has no rules) and this split. */
  matched(allocation: CompiledAllocation, rule: CompiledRule | null, split: CompiledSplit): void;
}

/**
 * Evaluates a flag, with or without details. Returns the outcome of the first allocation whose window is open, which
 * has a matching rule, and which has a split that matches the subject.
 */
export function evaluateFlag(flag: UfcFlag, subject: Subject, scope: Scope): Evaluation {
  if (!flag.isEnabled) return FLAG_DISABLED;
  if (flag.saltCount === 0) return evaluateAllocations(flag, subject, scope, NO_KNOWN_SHARDS);
  const shards = takeShards(flag.saltCount);
  const evaluation = evaluateAllocations(flag, subject, scope, shards);
  returnShards(shards);
  return evaluation;
}

function evaluateAllocations(
  flag: UfcFlag,
  subject: Subject,
  scope: Scope,
  shards: KnownShards,
): Evaluation {
  // This dialect created the trace, see Dialect.createTrace.
  const trace = scope.trace as (Trace & AllocationListener) | null;
  const ruled = flag.isObfuscated ? new HashedSubject(subject) : subject;
  const { allocations } = flag;
  for (let i = 0; i < allocations.length; i++) {
    const allocation = allocations[i] as CompiledAllocation; // i < length
    if (allocation.window !== null) {
      const nowMs = scope.nowMs();
      // Comparisons with NaN, which means no bound, are false.
      if (nowMs < allocation.window.startAtMs) {
        trace?.missed(allocation, "BEFORE_START_TIME");
        continue;
      }
      if (allocation.window.failure !== null) throw allocation.window.failure;
      if (hasEnded(allocation.window, nowMs)) {
        trace?.missed(allocation, "AFTER_END_TIME");
        continue;
      }
    }
    const rule = allocation.rules === null ? null : firstMatch(allocation.rules, ruled);
    if (rule === undefined) {
      trace?.missed(allocation, "FAILING_RULE");
      continue;
    }
    if (allocation.isSplit) scope.placed?.();
    const split = firstSplit(allocation.splits, subject, shards);
    if (split === undefined) {
      trace?.missed(allocation, "TRAFFIC_EXPOSURE_MISS");
      continue;
    }
    trace?.matched(allocation, rule, split);
    const { outcome } = split;
    if (outcome.kind !== "failure") return outcome;
    if (scope.expectedType === null && outcome.untyped !== null) return outcome.untyped;
    throw outcome.cause;
  }
  return NO_ALLOCATION;
}

function hasEnded({ endAtMs, isEndExclusive }: Window, nowMs: number): boolean {
  return isEndExclusive ? nowMs >= endAtMs : nowMs > endAtMs;
}

function firstMatch(rules: readonly CompiledRule[], subject: Subject): CompiledRule | undefined {
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i] as CompiledRule; // i < length
    if (rule.matches(subject)) return rule;
  }
  return undefined;
}

function firstSplit(
  splits: readonly CompiledSplit[],
  subject: Subject,
  known: KnownShards,
): CompiledSplit | undefined {
  for (let i = 0; i < splits.length; i++) {
    const split = splits[i] as CompiledSplit; // i < length
    if (isInAll(split, subject, known)) return split;
  }
  return undefined;
}

function isInAll(
  { shard, furtherShards }: CompiledSplit,
  subject: Subject,
  known: KnownShards,
): boolean {
  if (shard === null) return true;
  if (!isInShard(shard, subject.key, known)) return false;
  if (furtherShards === null) return true;
  for (let i = 0; i < furtherShards.length; i++) {
    const further = furtherShards[i] as CompiledShard; // i < length
    if (!isInShard(further, subject.key, known)) return false;
  }
  return true;
}

/**
 * The subject for hashed conditions. Attribute names, including `id`, are replaced by their MD5 when a condition first
 * reads one. A name without an MD5 fails the condition, as in the vendor's SDK.
 */
class HashedSubject implements Subject {
  readonly key: string;
  readonly arePlain = true;
  readonly #plain: Subject;
  #attributes: Attributes | null = null;

  constructor(subject: Subject) {
    this.key = subject.key;
    this.#plain = subject;
  }

  get attributes(): Attributes {
    if (this.#attributes === null) {
      const entries = Object.entries({ id: this.key, ...this.#plain.attributes });
      this.#attributes = Object.fromEntries(entries.map(([name, value]) => [md5Hex(name), value]));
    }
    return this.#attributes;
  }
}
