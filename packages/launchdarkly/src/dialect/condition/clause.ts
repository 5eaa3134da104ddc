import {
  type Decoded,
  DecodeError,
  decodeError,
  expectObject,
  type JsonObject,
  type PatternGuard,
  type Recorder,
  type Report,
  unexpected,
} from "@sortition/core/dialect";
import { unknownWord } from "@sortition/core/dialect-internal";
import { type AttributeReference, parseReference } from "../context/attribute-reference.js";
import { kindOf } from "../context/kind-of.js";
import type { EvaluationCall } from "../evaluation/evaluation-call.js";
import { FAILS, HOLDS, MALFORMED, type Tested, UNRESOLVED } from "../evaluation/test-outcome.js";
import { present, stringOf } from "../json-values.js";
import { operatorNamed } from "./operators.js";

/** Code of the issue of an operator that does not exist. */
export const UNKNOWN_OPERATOR = "unknown-operator";

/** One test of an attribute, or of membership in segments. */
export interface Clause {
  /** The clause as received. */
  readonly wire: JsonObject;
  /** The kind of context that it tests. */
  readonly kind: string;
  test(call: EvaluationCall): Tested;
}

/** What clauses are compiled with. */
export interface ClauseContext {
  readonly guard: PatternGuard;
  readonly report: Report;
}

/** @throws DecodeError if the vendor's SDK throws whenever it tests the clause. */
export function compileClause(raw: unknown, path: string, context: ClauseContext): Clause {
  // Quirk: a list is an object without members (launchdarkly).
  const wire: JsonObject = Array.isArray(raw) ? {} : expectObject(raw, path);
  const kind = kindOf(wire["contextKind"]);
  const isNegated = Boolean(wire["negate"]);
  if (wire["op"] === "segmentMatch") {
    const keys = segmentKeys(present(wire["values"]));
    return { wire, kind, test: (call) => testSegments(keys, isNegated, call) };
  }
  const reference = referenceOf(wire, path, context.report);
  if (reference === null) return { wire, kind, test: () => MALFORMED };
  const test = compileTest(wire, path, context);
  return {
    wire,
    kind,
    test(call) {
      const value = call.context.valueOf(reference, kind);
      if (value === null || value === undefined) return FAILS;
      if (test instanceof DecodeError) throw test;
      const isMatch = Array.isArray(value) ? value.some(test) : test(value);
      return isMatch === isNegated ? FAILS : HOLDS;
    },
  };
}

/**
 * Tests clauses until one fails.
 *
 * Quirk: a malformed clause is treated as one that matches, and is an error only if it is the last one tested (launchdarkly).
 *
 * @throws the error of a clause that cannot be decoded.
 */
export function testClauses(clauses: readonly Decoded<Clause>[], call: EvaluationCall): Tested {
  let last: Tested = HOLDS;
  // An indexed loop, because this runs for every rule of an evaluation.
  for (let i = 0; i < clauses.length; i++) {
    const clause = clauses[i] as Decoded<Clause>; // i < length
    if (clause instanceof DecodeError) throw clause;
    last = clause.test(call);
    if (last === FAILS || last === UNRESOLVED) return last;
  }
  return last;
}

/** Returns the same clauses, whose tests are recorded. */
export function recordedClauses(
  clauses: readonly Decoded<Clause>[],
  allocation: string,
  recorder: Recorder,
): readonly Decoded<Clause>[] {
  return clauses.map((it, index) => {
    if (it instanceof DecodeError) return it;
    const { kind, wire } = it;
    const reference = wire["op"] === "segmentMatch" ? null : referenceIn(wire);
    const test = (call: EvaluationCall): Tested => {
      const actual = reference === null ? undefined : call.context.valueOf(reference, kind);
      return recorder.condition({ allocation, rule: 0, index }, actual, () => it.test(call));
    };
    return { kind, wire, test };
  });
}

/** Returns the reference of a clause, or `null` if it is invalid. */
export function referenceIn({ attribute, contextKind }: JsonObject): AttributeReference | null {
  return typeof attribute === "string" ? parseReference(attribute, !contextKind) : null;
}

function referenceOf(wire: JsonObject, path: string, report: Report): AttributeReference | null {
  const reference = referenceIn(wire);
  if (reference === null) {
    report(decodeError(`${path}.attribute`, "is not a valid reference to an attribute"));
  }
  return reference;
}

function compileTest(
  wire: JsonObject,
  path: string,
  { guard, report }: ClauseContext,
): Decoded<(value: unknown) => boolean> {
  const { op } = wire;
  const values = present(wire["values"]);
  const operator = operatorNamed(op);
  if (operator === null) {
    report(unknownWord(`${path}.op`, "operator", op, "never matches"), UNKNOWN_OPERATOR);
  }
  if (!Array.isArray(values)) {
    const error = unexpected(`${path}.values`, "an array", values);
    report(error);
    return error;
  }
  return operator === null ? () => false : operator(values, guard, `${path}.values`);
}

/** Returns the keys of the segments of a clause. Their type is not checked, as in the vendor's SDK. */
function segmentKeys(values: unknown): readonly string[] {
  return Array.isArray(values) ? values.map(stringOf) : [];
}

function testSegments(keys: readonly string[], isNegated: boolean, call: EvaluationCall): Tested {
  let isMember = false;
  for (const key of keys) {
    const tested = call.testSegment(key);
    if (tested === MALFORMED || tested === UNRESOLVED) return tested;
    if (tested === HOLDS) {
      isMember = true;
      break;
    }
  }
  return isMember === isNegated ? FAILS : HOLDS;
}
