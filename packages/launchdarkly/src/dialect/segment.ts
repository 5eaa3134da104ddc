import {
  attemptEach,
  type Decoded,
  DecodeError,
  decodeError,
  EvaluationError,
  type FlagCompiler,
  type JsonObject,
  patternGuard,
  sha256,
} from "@sortition/core/dialect";
import { type Clause, type ClauseContext, compileClause, testClauses } from "./condition/clause.js";
import { type Bucketing, bucketOf, compileBucketing } from "./evaluation/bucket.js";
import type {
  BigSegmentLookup,
  EvaluationCall,
  TestedSegment,
} from "./evaluation/evaluation-call.js";
import { isListed, type KeyList, readKeyList, readKeys } from "./evaluation/key-list.js";
import { FAILS, HOLDS, MALFORMED, type Tested, UNRESOLVED } from "./evaluation/test-outcome.js";
import { numberOf, present, stringOf } from "./json-values.js";
import { membersOf } from "./members.js";

/** A rule of a segment. */
export interface SegmentRule {
  /** `null`: the rule has no clauses, and never applies. */
  readonly clauses: Decoded<readonly Decoded<Clause>[]> | null;
  /** The share of the contexts that pass, from 0 to 1. `null`: all. */
  readonly share: number | null;
  /** `null`: the reference to the hashed attribute is invalid. */
  readonly bucketing: Bucketing | null;
}

/** A compiled segment. */
export interface Segment extends TestedSegment {
  readonly included: readonly Decoded<KeyList>[];
  readonly excluded: readonly Decoded<KeyList>[];
  readonly rules: Decoded<readonly Decoded<SegmentRule>[]>;
  /** The reference to a big segment, or `null`. */
  readonly big: BigSegment | null;
}

interface BigSegment {
  readonly kind: string;
  /** `null` without a generation. The segment then has no members. */
  readonly reference: string | null;
}

/** Creates the compiler. Create only one per dialect, so that unchanged segments can be adopted. */
export function createSegmentCompiler(refuses: boolean): FlagCompiler<Segment> {
  return {
    compile(source) {
      const { path, raw, report } = source;
      if (raw === null) return null;
      const wire = membersOf(raw, path, report);
      if (wire["deleted"]) return null;
      const key = typeof wire["key"] === "string" ? wire["key"] : source.key;
      const context = { guard: patternGuard(refuses, source), report };
      return segmentOf({
        key,
        included: listsOf(wire, "included", path, context),
        excluded: listsOf(wire, "excluded", path, context),
        rules: readRules(wire, key, path, context),
        big: wire["unbounded"] ? bigSegmentOf(wire, key) : null,
      });
    },
    compileBroken: (key, error) =>
      segmentOf({ key, included: [], excluded: [], rules: error, big: null }),
  };
}

function segmentOf(parts: Omit<Segment, "test">): Segment {
  const segment: Segment = { ...parts, test: (call) => testSegment(segment, call) };
  return segment;
}

/** Returns the lists of other kinds, and then of users. */
function listsOf(
  wire: JsonObject,
  name: "included" | "excluded",
  path: string,
  { report }: ClauseContext,
): readonly Decoded<KeyList>[] {
  const others = present(wire[`${name}Contexts`]) ?? [];
  const read = (raw: unknown, at: string): KeyList => readKeyList(raw, at, report);
  const lists = attemptEach(others, `${path}.${name}Contexts`, read, report);
  if (lists instanceof DecodeError) return [lists];
  const users = wire[name];
  if (!users) return lists;
  return [...lists, { kind: "user", keys: readKeys(users, `${path}.${name}`, report) }];
}

function bigSegmentOf({ generation, unboundedContextKind }: JsonObject, key: string): BigSegment {
  const kind = (unboundedContextKind || "user") as string; // any other value is no kind of any context
  return { kind, reference: generation ? `${key}.g${stringOf(generation)}` : null };
}

function readRules(wire: JsonObject, key: string, path: string, context: ClauseContext) {
  const rules = present(wire["rules"]);
  if (rules === undefined) return [];
  const read = (raw: unknown, at: string) =>
    readRule(raw, at, { key, salt: wire["salt"] }, context);
  return attemptEach(rules, `${path}.rules`, read, context.report);
}

function readRule(
  raw: unknown,
  path: string,
  segment: { readonly key: string; readonly salt: unknown },
  context: ClauseContext,
): SegmentRule {
  const rule = membersOf(raw, path, context.report);
  const clauses = present(rule["clauses"]);
  const weight = present(rule["weight"]);
  const read = (clause: unknown, at: string) => compileClause(clause, at, context);
  const bucketing = compileBucketing({
    ...segment,
    seed: undefined,
    bucketBy: rule["bucketBy"],
    contextKind: rule["rolloutContextKind"],
  });
  if (bucketing === null) {
    context.report(decodeError(`${path}.bucketBy`, "is not a valid reference to an attribute"));
  }
  return {
    clauses: clauses ? attemptEach(clauses, `${path}.clauses`, read, context.report) : null,
    share: weight === undefined ? null : numberOf(weight) / 100_000,
    bucketing,
  };
}

function testSegment(segment: Segment, call: EvaluationCall): Tested {
  const { big, excluded, included, rules } = segment;
  if (big === null) {
    if (areListed(included, call)) return HOLDS;
    if (areListed(excluded, call)) return FAILS;
  } else {
    const tested = testMembership(big, call);
    if (tested !== null) return tested;
  }
  if (rules instanceof DecodeError) throw rules;
  for (const rule of rules) {
    if (rule instanceof DecodeError) throw rule;
    const tested = testRule(rule, call);
    if (tested !== FAILS) return tested;
  }
  return FAILS;
}

/** Quirk: an empty key, which only legacy users may have, is not listed (launchdarkly). */
function areListed(lists: readonly Decoded<KeyList>[], { context }: EvaluationCall): boolean {
  for (const list of lists) {
    if (list instanceof DecodeError) throw list;
    const key = context.keyOf(list.kind);
    if (key && isListed(key, list)) return true;
  }
  return false;
}

function testRule({ bucketing, clauses, share }: SegmentRule, call: EvaluationCall): Tested {
  if (clauses === null) return FAILS;
  if (clauses instanceof DecodeError) throw clauses;
  const tested = testClauses(clauses, call);
  if (tested !== HOLDS || share === null) return tested;
  if (bucketing === null) return MALFORMED;
  return bucketOf(bucketing, call.context) < share ? HOLDS : FAILS;
}

/** Returns whether a context is in a big segment. `null`: the segment's rules decide. */
function testMembership({ kind, reference }: BigSegment, call: EvaluationCall): Tested | null {
  const key = call.context.keyOf(kind);
  if (!key) return FAILS;
  if (reference === null) {
    call.bigSegmentsStatus = "NOT_CONFIGURED";
    return FAILS;
  }
  const { bigSegments } = call.configuration;
  if (bigSegments === null) return UNRESOLVED;
  call.memberships ??= new Map();
  let memberships = call.memberships.get(key);
  if (memberships === undefined) {
    memberships = lookUp(bigSegments, key, call) ?? null;
    call.memberships.set(key, memberships);
    call.bigSegmentsStatus ??= "HEALTHY";
  }
  const isMember = memberships?.[reference] ?? null;
  return isMember === null ? null : isMember ? HOLDS : FAILS;
}

function lookUp(lookup: BigSegmentLookup, key: string, { flagKey }: EvaluationCall) {
  let found: ReturnType<BigSegmentLookup>;
  try {
    found = lookup(base64(sha256(new TextEncoder().encode(key))));
  } catch (thrown) {
    // Its message is not reported, because it may contain the context's key.
    throw failed(flagKey, "the lookup bigSegments threw an error", thrown);
  }
  if (!(found instanceof Promise)) return found;
  throw failed(
    flagKey,
    "the lookup bigSegments returned a promise, and must return the memberships",
  );
}

function failed(flagKey: string, problem: string, thrown?: unknown): EvaluationError {
  const code = "SORTITION_EVALUATION";
  const cause = new EvaluationError(code, flagKey, problem, { cause: thrown });
  return new EvaluationError(code, flagKey, `flag "${flagKey}": ${problem}`, { cause });
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
