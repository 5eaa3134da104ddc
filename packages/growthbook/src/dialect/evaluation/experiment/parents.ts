import { type CompiledCondition, isMet } from "../../condition/compiled.js";
import { compileCondition } from "../../condition/condition.js";
import { type CompileOptions, type MalformedError, malformed } from "../../malformed.js";
import type { EvaluationCall } from "../evaluation-call.js";
import { decideFeature } from "../feature/decide-feature.js";

/** A feature on which a rule depends. */
export interface CompiledParent {
  /** Key of the feature, usually a string. */
  readonly id: string;
  readonly condition: CompiledCondition | null;
  readonly isGate: boolean;
}

/** Parents that must all pass. A malformed parent throws when it is reached. */
export type CompiledParents = readonly (CompiledParent | MalformedError)[] | MalformedError;

export function compileParents(
  wire: unknown,
  path: string,
  options: CompileOptions,
): CompiledParents {
  // Quirk: a string is a list of its characters, which name no features (growthbook).
  const list = typeof wire === "string" ? [...wire] : wire;
  if (!Array.isArray(list)) return malformed(path, "expected an array", options);
  return list.map((parent, i) => compileParent(parent, `${path}[${i}]`, options));
}

function compileParent(
  wire: unknown,
  path: string,
  options: CompileOptions,
): CompiledParent | MalformedError {
  if (wire === null || wire === undefined) {
    return malformed(path, "expected an object, got nothing", options);
  }
  const { condition, gate, id } = wire as Readonly<Record<string, unknown>>; // a scalar has no members
  return {
    id: id as string, // looked up as a string
    condition: condition ? compileCondition(condition, `${path}.condition`, options) : null,
    isGate: !!gate,
  };
}

export type ParentsOutcome = "passed" | "failed" | "blocked" | "cyclic";

/**
 * Evaluates the prerequisites in order until one does not pass.
 *
 * @param owner - the rule or experiment with the prerequisites, for the observer.
 */
export function checkParents(
  parents: CompiledParents,
  owner: object,
  context: EvaluationCall,
): ParentsOutcome {
  if ("problem" in parents) throw parents;
  for (let i = 0; i < parents.length; i++) {
    const parent = parents[i] as CompiledParent | MalformedError; // i < length
    if ("problem" in parent) throw parent;
    // Stored even without a log, because a callback may enable the log before a cycle is found.
    if (context.observer !== null && !context.isOnPath(parent.id)) context.begunFeature = parent.id;
    const decision = decideFeature(parent.id, context);
    const { source, value } = decision;
    if (context.scope !== null && decision.kind === "assigned" && decision.exposure !== null) {
      if (context.subjectKey === null) context.scope.hashedBy(context.hashValue);
      context.scope.expose(decision.exposure);
    }
    if (source === "cyclicPrerequisite") {
      context.observer?.tested?.(owner, "parents", i, context);
      return "cyclic";
    }
    if (parent.condition === null) continue;
    context.parent.value = value;
    if (!isMet(parent.condition, context.parent, context)) {
      context.observer?.tested?.(owner, "parents", i, context);
      return parent.isGate ? "blocked" : "failed";
    }
  }
  context.observer?.tested?.(owner, "parents", -1, context);
  return "passed";
}
