import {
  type CompiledFlag,
  type Decoded,
  DecodeError,
  decodeError,
  type Evaluation,
  EvaluationError,
  type FlagCompiler,
  isJsonObject,
  patternGuard,
  type Recorder,
  type Scope,
  type Subject,
  unexpected,
  type ValueType,
  type VariationValue,
} from "@sortition/core/dialect";
import { failing } from "@sortition/core/dialect-internal";
import { recordedClauses, testClauses } from "./condition/clause.js";
import { bucketOf, shardsOf, TOTAL_SHARDS } from "./evaluation/bucket.js";
import { EvaluationCall, type Prerequisite } from "./evaluation/evaluation-call.js";
import { isListed } from "./evaluation/key-list.js";
import { jsonOf, malformed, type Outcome, Outcomes } from "./evaluation/outcome.js";
import { FAILS, HOLDS, MALFORMED, UNRESOLVED } from "./evaluation/test-outcome.js";
import type { LaunchdarklyExtras } from "./extras.js";
import type { FlagDefinition } from "./flag-definition.js";
import {
  FALLTHROUGH_ALLOCATION,
  OFF_ALLOCATION,
  offOutcome,
  PREREQUISITES_ALLOCATION,
  type PrerequisitePart,
  type RulePart,
  readFallthrough,
  readPrerequisites,
  readRules,
  readTargets,
  type Served,
  type Share,
  type TargetPart,
} from "./flag-parts.js";
import { LaunchdarklyTrace } from "./trace.js";

const MALFORMED_CLAUSE = /* @__PURE__ */ malformed(
  "has a rule with an invalid reference to an attribute, or with segments that refer to each other",
);
const CYCLE = /* @__PURE__ */ malformed("has prerequisites that require each other");
const UNDECIDED: Outcome = {
  reason: { kind: "ERROR", errorKind: "UNRESOLVED" },
  variationIndex: null,
  evaluation: { kind: "default", reason: "unresolved" },
  exposure: null,
  problem: "",
};

/** The call object of the last evaluation, reused so that most evaluations allocate nothing. */
let spare: EvaluationCall | null = null;

/** A flag of a configuration, which may be a prerequisite of another. */
export interface Flag extends CompiledFlag<LaunchdarklyExtras>, Prerequisite {
  /** `null` for a flag that cannot be decoded. */
  readonly definition: FlagDefinition | null;
}

/** A flag that is ready to be evaluated. */
class LaunchdarklyFlag implements Flag {
  readonly key: string;
  /** A flag declares no type, so the client checks each value. */
  readonly valueType = null;
  readonly definition: FlagDefinition;

  constructor(definition: FlagDefinition) {
    this.key = definition.key;
    this.definition = definition;
  }

  evaluate(subject: Subject, scope: Scope<LaunchdarklyExtras>): Evaluation {
    const trace = scope.trace instanceof LaunchdarklyTrace ? scope.trace : null;
    const call = spare ?? new EvaluationCall();
    spare = null; // a getter in the caller's attributes may evaluate another flag
    const problem = call.begin(this.key, subject, scope);
    if (problem !== null) {
      trace?.rejectContext();
      scope.noteMistake?.("invalid subject", this.key, () => `${problem}: default returned`);
      const namesKey = scope.isKeyless === true || scope.extras?.context !== undefined;
      const isMissing = namesKey && call.context.lacksKey;
      const code = isMissing ? "SORTITION_SUBJECT_KEY_MISSING" : "SORTITION_INVALID_ARGUMENT";
      throw new EvaluationError(code, this.key, problem);
    }
    const outcome = this.outcomeFor(call, trace?.recorder ?? null);
    trace?.record(outcome, call.bigSegmentsStatus);
    if (outcome === UNDECIDED) {
      scope.noteMistake?.("big segment", this.key, () => {
        return `flag "${this.key}" needs a big segment: pass launchdarkly({ bigSegments })`;
      });
    }
    call.end();
    spare = call;
    if (outcome.evaluation !== null) return outcome.evaluation;
    const message = `flag "${this.key}" ${outcome.problem}`;
    throw new EvaluationError("SORTITION_EVALUATION", this.key, message);
  }

  variationValues(variation: string, _type: ValueType | null): readonly VariationValue[] {
    const { variations } = this.definition;
    const isIndex = /^\d+$/.test(variation) && Object.hasOwn(variations, variation);
    // Variations have no names, so any other string selects the variation with this value, `true` and `false` included.
    const value = isIndex
      ? variations[Number(variation)]
      : variations.find(
          (it) => it === variation || ((it === true || it === false) && `${it}` === variation),
        );
    if (value === undefined) return [];
    const json = jsonOf(value);
    return [{ value: json === null ? value : null, json }];
  }

  outcomeFor(call: EvaluationCall, recorder: Recorder | null = null): Outcome {
    const { fallthrough, isOn, off, prerequisites, rules, targets } = this.definition;
    if (!isOn) {
      recorder?.tried(OFF_ALLOCATION, HOLDS);
      return off;
    }
    if (prerequisites instanceof DecodeError) throw prerequisites;
    if (prerequisites.length > 0) {
      recorder?.tried(PREREQUISITES_ALLOCATION, MALFORMED); // unless it is replaced below
      const failed = checkPrerequisites(prerequisites, call);
      const isFailure = failed?.reason.kind === "PREREQUISITE_FAILED";
      if (isFailure) recorder?.tried(PREREQUISITES_ALLOCATION, HOLDS);
      if (failed === UNDECIDED) recorder?.tried(PREREQUISITES_ALLOCATION, UNRESOLVED);
      if (failed !== null) return failed;
      recorder?.tried(PREREQUISITES_ALLOCATION, FAILS);
    }
    if (targets instanceof DecodeError) throw targets;
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i] as Decoded<TargetPart>; // i < length
      if (target instanceof DecodeError) throw target;
      const key = call.context.keyOf(target.kind);
      const isTarget = key !== undefined && isListed(key, target);
      if (recorder !== null) recordTarget(target, key, isTarget, recorder);
      if (isTarget) return target.outcome;
    }
    if (rules instanceof DecodeError) throw rules;
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i] as Decoded<RulePart>; // i < length
      if (rule instanceof DecodeError) throw rule;
      const { allocation, served } = rule;
      let { clauses } = rule;
      if (clauses instanceof DecodeError) throw clauses;
      recorder?.tried(allocation, MALFORMED); // unless it is replaced below
      if (recorder !== null && clauses !== null) {
        clauses = recordedClauses(clauses, allocation, recorder);
      }
      const tested = clauses === null ? FAILS : testClauses(clauses, call);
      recorder?.tried(allocation, tested);
      if (tested === MALFORMED) return MALFORMED_CLAUSE;
      if (tested === HOLDS) return serve(served, call, allocation, recorder);
      if (tested === UNRESOLVED) return UNDECIDED;
    }
    recorder?.tried(FALLTHROUGH_ALLOCATION, HOLDS);
    return serve(fallthrough, call, FALLTHROUGH_ALLOCATION, recorder);
  }
}

/** A separate function, because a closure in the loop would be created for each target. */
function recordTarget(
  { allocation }: TargetPart,
  key: string | undefined,
  isTarget: boolean,
  recorder: Recorder,
): void {
  const tested = isTarget ? HOLDS : FAILS;
  recorder.tried(allocation, tested);
  recorder.condition({ allocation, rule: 0, index: 0 }, key, () => tested);
}

/**
 * Evaluates the flags that a flag requires. Returns what it has instead of its own value, or `null`.
 *
 * Quirk: after a cycle, the next one is still evaluated, and its failure replaces the error (launchdarkly).
 */
function checkPrerequisites(
  prerequisites: readonly Decoded<PrerequisitePart>[],
  call: EvaluationCall,
): Outcome | null {
  let outcome: Outcome | null = null;
  for (const prerequisite of prerequisites) {
    if (prerequisite instanceof DecodeError) throw prerequisite;
    const { failed, key, variation } = prerequisite;
    if (call.flags.includes(key)) {
      outcome = CYCLE;
      continue;
    }
    const flag = call.configuration.flag(key);
    if (flag === null) return failed;
    call.flags.push(key);
    const required = flag.outcomeFor(call);
    call.flags.pop();
    if (required.exposure !== null) call.scope.expose(required.exposure);
    if (required.evaluation === null || required === UNDECIDED) return required;
    if (required.reason.kind === "OFF" || required.variationIndex !== variation) return failed;
  }
  return outcome;
}

function serve(
  served: Served,
  { context, scope }: EvaluationCall,
  allocation: string,
  recorder: Recorder | null,
): Outcome {
  if (served.kind === "variation") return served.outcome;
  const { bucketing, isExperiment, isSplit, shares } = served;
  if (isSplit) scope.placed?.();
  const bucket = bucketOf(bucketing, context);
  recorder?.shard(allocation, shardsOf(bucketing), bucket * TOTAL_SHARDS);
  for (let i = 0; i < shares.length; i++) {
    const share = shares[i] as Decoded<Share>; // i < length
    if (share instanceof DecodeError) throw share;
    if (bucket < share.end) {
      return isExperiment && context.has(bucketing.kind) ? share.inExperiment : share.outcome;
    }
  }
  // The weights may sum up to less than the whole.
  return (shares[shares.length - 1] as Share).inExperiment; // not empty, and none is malformed
}

/** Creates the compiler. Create only one per dialect, so that unchanged flags can be adopted. */
export function createFlagCompiler(refuses: boolean): FlagCompiler<Flag> {
  return {
    compile(source) {
      const { key, path, raw, report } = source;
      if (raw === null) return null;
      if (!isJsonObject(raw)) report(unexpected(path, "an object", raw));
      const wire = isJsonObject(raw) ? raw : {};
      if (wire["deleted"]) return null;
      const variations = Array.isArray(wire["variations"]) ? wire["variations"] : [];
      const context = {
        key: typeof wire["key"] === "string" ? wire["key"] : key,
        path,
        salt: wire["salt"],
        outcomes: new Outcomes(key, variations),
        isTracked: Boolean(wire["trackEvents"]),
        guard: patternGuard(refuses, source),
        report,
      };
      const off = offOutcome(wire, OFF_ALLOCATION, { kind: "OFF" }, context);
      if (off.problem !== "") report(decodeError(`${path}.offVariation`, off.problem));
      return new LaunchdarklyFlag({
        key,
        variations,
        isOn: Boolean(wire["on"]),
        off,
        prerequisites: readPrerequisites(wire, context),
        targets: readTargets(wire, context),
        rules: readRules(wire, context),
        fallthrough: readFallthrough(wire, context),
      });
    },
    compileBroken: brokenFlag,
  };
}

/** Returns a flag that could not be decoded. */
function brokenFlag(key: string, error: DecodeError): Flag {
  const fail = failing(key, error);
  return { key, valueType: null, definition: null, evaluate: fail, outcomeFor: fail };
}
