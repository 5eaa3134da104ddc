import {
  attempt,
  type CompiledFlag,
  type Decoded,
  DecodeError,
  type Evaluation,
  EvaluationError,
  expectArray,
  expectObject,
  type FlagCompiler,
  type FlagSource,
  isJsonObject,
  type JsonObject,
  type PatternGuard,
  patternGuard,
  type Recorder,
  type Report,
  type Scope,
  type Subject,
  type Trace,
  unexpected,
  type ValueType,
  type VariationValue,
} from "@sortition/core/dialect";
import type { AmplitudeConfiguration } from "./configuration.js";
import { recordSegment } from "./evaluation/bucket.js";
import { decoded, elementsIn, listIn } from "./evaluation/decoded.js";
import { EvaluationCall } from "./evaluation/evaluation-call.js";
import { NOTHING_ASSIGNED, type Outcome } from "./evaluation/outcome.js";
import { cycleMessage } from "./evaluation/plan.js";
import {
  compileSegment,
  outcomeOfSegment,
  type Segment,
  type SegmentSource,
} from "./evaluation/segment.js";
import type { AmplitudeTrace } from "./trace.js";

const NO_DEPENDENCIES: readonly string[] = [];

/** A compiled flag. It depends only on its own definition, so other configurations can reuse it. */
export class AmplitudeFlag implements CompiledFlag {
  readonly valueType = null;
  /** Whether none of its parts is malformed. */
  readonly isSound: boolean;

  constructor(
    readonly key: string,
    /** Keys of flags that are evaluated before this one. */
    readonly dependencies: readonly string[],
    readonly segments: Decoded<readonly Decoded<Segment>[]>,
  ) {
    this.isSound =
      !(segments instanceof DecodeError) && !segments.some((it) => it instanceof DecodeError);
  }

  /** Evaluates the flag for the typed getters. */
  evaluate(subject: Subject, scope: Scope): Evaluation {
    const configuration = scope.configuration as AmplitudeConfiguration; // created by this dialect
    const call = EvaluationCall.ofSubject(subject, configuration);
    if (this.dependencies.length > 0) this.#evaluateDependencies(call, configuration);
    const { cohorts, references } = configuration;
    if (cohorts.size === 0 && references.size > 0) this.#noteCohorts(scope, configuration);
    const outcome =
      scope.trace === null ? this.decide(call, null) : this.#decideFor(scope.trace, call);
    if (call.isPlaced) scope.placed?.();
    if (subject.key === "") scope.hashedBy(call.bucketedBy);
    return outcome === null
      ? NOTHING_ASSIGNED
      : outcome.evaluationFor(scope.expectedType ?? "string");
  }

  variationValues(key: string, type: ValueType | null): readonly VariationValue[] {
    const segments = this.segments instanceof DecodeError ? [] : this.segments;
    const segment = segments.find((it): it is Segment => !(it instanceof DecodeError)); // any of them has all variants
    const evaluation = segment?.outcomeOf(key)?.evaluationFor(type ?? "string");
    return evaluation?.kind === "assigned" ? [evaluation] : [];
  }

  /** Reports flags that target cohorts, because no cohort was loaded. */
  #noteCohorts(scope: Scope, { flagReferences, planOf }: AmplitudeConfiguration): void {
    const flags = this.dependencies.length === 0 ? [this] : planOf(this.key).flags;
    for (const { key } of flags) {
      if (!flagReferences.byFlag.has(key)) continue;
      scope.noteMistake?.(
        "cohorts not loaded",
        key,
        () =>
          `flag "${key}" targets a cohort, but no cohort was loaded, so it matches nobody: set cohortSync in amplitudeSource({ deploymentKey, cohortSync })`,
      );
    }
  }

  #decideFor(given: Trace, call: EvaluationCall): Outcome | null {
    const trace = given as AmplitudeTrace; // of this dialect, see Dialect.createTrace
    trace.outcome = this.decide(call, trace.recorder);
    return trace.outcome;
  }

  #evaluateDependencies(call: EvaluationCall, configuration: AmplitudeConfiguration): void {
    const { cycle, flags } = configuration.planOf(this.key);
    if (cycle !== null) {
      throw new EvaluationError("SORTITION_EVALUATION", this.key, cycleMessage(cycle));
    }
    const results = new Map<string, Outcome>();
    call.results = results;
    for (const flag of flags) if (flag !== this) decideInto(results, flag, call);
    call.bucketedBy = "";
  }

  /**
   * Returns the outcome of the first segment that matches the user, or `null`.
   *
   * @throws in the same cases as the vendor's SDK.
   */
  decide(call: EvaluationCall, recorder: Recorder | null): Outcome | null {
    const isSound = this.isSound;
    const segments = decoded(this.segments, isSound);
    // Indexed loop, because it runs for every evaluation.
    for (let i = 0; i < segments.length; i++) {
      const recorded = recorder === null ? null : recordSegment(i, recorder);
      const segment = decoded(segments[i]!, isSound); // i < length
      const outcome = outcomeOfSegment(segment, call, recorded);
      if (recorded !== null) recorded.recorder.tried(recorded.allocation, outcome !== null);
      if (outcome !== null) return outcome;
    }
    return null;
  }
}

/** Receives the errors of failed flags, by flag key. */
export type Failures = Map<string, unknown>;

/**
 * Evaluates a flag and stores its result. A flag that fails is left out and does not affect other
 * flags.
 */
export function decideInto(
  results: Map<string, Outcome>,
  flag: AmplitudeFlag,
  call: EvaluationCall,
  failures: Failures | null = null,
): void {
  let outcome: Outcome | null;
  try {
    outcome = flag.decide(call, null);
  } catch (cause) {
    failures?.set(flag.key, cause);
    return; // malformed flags are reported as issues of the configuration
  }
  if (outcome !== null) results.set(flag.key, outcome);
}

/** Shared by all configurations, because a configuration reuses unchanged flags of the previous one only if the compiler is the same. */
export const flagCompiler: FlagCompiler<AmplitudeFlag> = /* @__PURE__ */ compilerOf(false);
/** Like {@link flagCompiler}, but refuses risky patterns. */
export const refusingCompiler: FlagCompiler<AmplitudeFlag> = /* @__PURE__ */ compilerOf(true);

function compilerOf(refuses: boolean): FlagCompiler<AmplitudeFlag> {
  return {
    compile: (source) => compileFlag(source, patternGuard(refuses, source)),
    compileBroken: (key, error) => new AmplitudeFlag(key, NO_DEPENDENCIES, error),
  };
}

function compileFlag(flag: FlagSource, guard: PatternGuard): AmplitudeFlag {
  const { interned, key, path, raw, report } = flag;
  const wire = expectObject(raw, path);
  const { dependencies, metadata, segments } = wire;
  const needed = attempt(() => dependenciesAt(dependencies, `${path}.dependencies`), report);
  if (needed instanceof DecodeError) return new AmplitudeFlag(key, NO_DEPENDENCIES, needed);
  const variants = attempt(() => variantsAt(wire["variants"], `${path}.variants`, report), report);
  if (variants instanceof DecodeError) return new AmplitudeFlag(key, needed, variants);
  const facts = { key, metadata: interned.json(metadata), variants: interned.json(variants) };
  const source: SegmentSource = { facts, path, interned, guard };
  return new AmplitudeFlag(key, needed, segmentsAt(segments, `${path}.segments`, source, report));
}

/** Quirk: any value except `null` and `undefined` has members, even a string (amplitude). */
function variantsAt(raw: unknown, path: string, report: Report): JsonObject {
  if (isJsonObject(raw)) return raw;
  const error = unexpected(path, "an object", raw);
  if (raw === null || raw === undefined) throw error;
  report(error);
  return raw as JsonObject; // an object, or a value without own members
}

function segmentsAt(
  raw: unknown,
  path: string,
  source: SegmentSource,
  report: Report,
): Decoded<readonly Decoded<Segment>[]> {
  return attempt(
    () =>
      expectArray(listIn(raw, path, report), path).map((it, i) =>
        attempt(() => compileSegment(it, `${path}[${i}]`, source, report, i === 0), report),
      ),
    report,
  );
}

function dependenciesAt(raw: unknown, path: string): readonly string[] {
  return raw ? (elementsIn(raw) ?? expectArray(raw, path)).map(String) : NO_DEPENDENCIES;
}
