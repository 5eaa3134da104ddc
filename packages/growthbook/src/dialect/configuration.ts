import {
  type Check,
  type CompileIssue,
  type Configuration,
  type DecodeError,
  type Dialect,
  decodeError,
  ErrorBudget,
  type FlagCompiler,
  type FlagSource,
  type FlagsPlace,
  IssueList,
  LazyFlags,
  type PatternTest,
  type PayloadSet,
  type ProblemSink,
  patternGuard,
  type RawFlags,
  type ReportProblem,
  runAtOnce,
  type Steps,
} from "@sortition/core/dialect";
import { type Interned, LazyConfiguration } from "@sortition/core/dialect-internal";
import { ContextualBandits } from "./contextual-bandits.js";
import type { FeatureSet } from "./evaluation/evaluation-call.js";
import { compileExperiment, type ExperimentWire } from "./evaluation/experiment/experiment.js";
import { CompiledFeature, compileFeature } from "./evaluation/feature/feature.js";
import { type CompileOptions, MalformedError, malformed, UNREPORTED } from "./malformed.js";
import { SavedGroups } from "./saved-groups.js";
import { shareMembers } from "./share-members.js";
import { stickyAttributesOf } from "./sticky-attributes.js";
import type { FeatureDefinition } from "./wire.js";

export const FEATURES_PLACE: FlagsPlace = { member: "features", shape: "map" };

/** The parts of a payload other than its features. */
export interface SharedParts {
  readonly savedGroups: unknown;
  readonly contextualBandits: unknown;
  readonly experiments: unknown;
  readonly dateUpdated: unknown;
}

export interface ConfigurationParts {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly raw: RawFlags;
  readonly shared: SharedParts;
  readonly refuseRiskyPatterns: boolean;
  /** Parts that could not be decrypted. */
  readonly notDecrypted: readonly DecodeError[];
}

/** A configuration of GrowthBook's dialect. Features and saved groups are compiled on their first use. */
export class GrowthbookConfiguration
  extends LazyConfiguration<CompiledFeature>
  implements FeatureSet
{
  readonly savedGroups: SavedGroups;
  /** Whether the payload has saved groups, even an empty map. */
  readonly hasSavedGroups: boolean;
  readonly contextualBandits: ContextualBandits;
  /**
   * Auto experiments of the payload, as received. They do not affect features. If they are malformed, running them
   * throws the error.
   */
  readonly experiments: readonly unknown[] | MalformedError;
  /** How experiments outside of features are compiled. */
  readonly experimentOptions: CompileOptions;
  readonly #sharedOptions: CompileOptions;
  readonly #parts: ConfigurationParts;
  readonly #sharedIssues = new IssueList(null);
  readonly #sharedChecks: Check[] = [];
  /** Whether all shared parts have been compiled. */
  #areSharedCompiled = false;
  #stickyAttributes: readonly string[] | MalformedError | null = null;

  constructor(parts: ConfigurationParts) {
    const { notDecrypted, raw, refuseRiskyPatterns, shared } = parts;
    // We do not track which features use which group, so a changed group marks all features as changed.
    const { contextualBandits, experiments, savedGroups } = shared;
    const used =
      savedGroups === undefined && contextualBandits === undefined
        ? undefined
        : { savedGroups, contextualBandits };
    const compiler = refuseRiskyPatterns ? REFUSING_COMPILER : COMPILER;
    const flags = { raw, place: FEATURES_PLACE, compiler, sharedPartsOf: () => used };
    super(parts, new LazyFlags(flags), []);
    this.#parts = parts;
    for (const error of notDecrypted) this.#sharedIssues.add(error, "undecryptable");
    const options = compileOptions(refuseRiskyPatterns, {
      report: this.#reportShared,
      later: (check) => this.#sharedChecks.push(check),
    });
    this.#sharedOptions = options;
    this.experimentOptions = refuseRiskyPatterns ? refusingOptions() : UNREPORTED;
    this.savedGroups = new SavedGroups(savedGroups, options);
    this.hasSavedGroups = !!savedGroups;
    this.contextualBandits = new ContextualBandits(contextualBandits, options);
    this.experiments = Array.isArray(experiments)
      ? experiments
      : experiments
        ? malformed("$.experiments", "expected an array", options)
        : [];
  }

  /** Returns the same configuration with another dialect object, which receives its traces. */
  withDialect(dialect: Dialect): GrowthbookConfiguration {
    return configurationOf({ ...this.#parts, dialect });
  }

  /** The payload's `dateUpdated`, epoch ms. `null` if it has none. */
  override get publishedAtMs(): number | null {
    return timeOf(this.#parts.shared.dateUpdated);
  }

  /** Problems of features, saved groups and experiments. Reading them decodes what is not yet decoded. */
  override get issues(): readonly CompileIssue[] {
    const issues = super.issues;
    runAtOnce(this.#checkShared());
    return [...this.#sharedIssues.list(), ...issues];
  }

  /** Number of issues found so far, and whether everything has been decoded. Reading it decodes nothing. */
  override get issueCount(): { readonly found: number; readonly complete: boolean } {
    const { complete, found } = super.issueCount;
    return {
      found: found + this.#sharedIssues.found,
      complete: complete && this.#areSharedCompiled && this.#sharedChecks.length === 0,
    };
  }

  feature(key: string): CompiledFeature | null {
    return this.flag(key);
  }

  /** Decodes features, saved groups and experiments that are not yet decoded, one per step. */
  override *inspect(): Steps<void> {
    yield* super.inspect();
    yield* this.#checkShared();
  }

  /**
   * Names of the attributes whose sticky buckets the payload's experiments need. Computed once.
   *
   * @throws MalformedError if the vendor's SDK throws for any feature of the payload.
   */
  get stickyAttributes(): readonly string[] {
    this.#stickyAttributes ??= this.#findStickyAttributes();
    if (this.#stickyAttributes instanceof MalformedError) throw this.#stickyAttributes;
    return this.#stickyAttributes;
  }

  #findStickyAttributes(): readonly string[] | MalformedError {
    const { experiments } = this;
    try {
      return experiments instanceof MalformedError
        ? experiments
        : stickyAttributesOf(this.#rules(), experiments);
    } catch (error) {
      if (error instanceof MalformedError) return error;
      throw error;
    }
  }

  *#rules(): Iterable<unknown> {
    for (const key of this.flagKeys) {
      const path = `$.features[${JSON.stringify(key)}]`;
      const feature = this.#parts.raw.read(key, path) as FeatureDefinition | null; // may also be a scalar
      if (feature === null) throw new MalformedError(path, "expected an object");
      const rules: unknown = feature.rules;
      if (!rules || typeof rules === "string") continue;
      if (!Array.isArray(rules)) throw new MalformedError(`${path}.rules`, "expected an array");
      const nothing = rules.indexOf(null);
      if (nothing >= 0) throw new MalformedError(`${path}.rules[${nothing}]`, "expected an object");
      yield* rules;
    }
  }

  *#checkShared(): Steps<void> {
    if (!this.#areSharedCompiled) {
      this.#areSharedCompiled = true;
      this.savedGroups.compileAll();
      this.contextualBandits.compileAll();
      this.#checkPatternsOfExperiments();
    }
    for (let check = this.#sharedChecks.shift(); check; check = this.#sharedChecks.shift()) {
      check(this.#reportShared);
      yield;
    }
  }

  /** Checks only patterns. Running an experiment throws its other errors. */
  #checkPatternsOfExperiments(): void {
    const { experiments } = this;
    if (experiments instanceof MalformedError) return;
    for (const [i, experiment] of experiments.entries()) {
      try {
        const options = { ...this.#sharedOptions, report: () => {} };
        compileExperiment(
          { experiment: experiment as ExperimentWire, path: `$.experiments[${i}]` },
          options,
        );
      } catch {
        // The experiment is not an object. Running it throws the error.
      }
    }
  }

  readonly #reportShared: ReportProblem = (error, code = "malformed") => {
    this.#sharedIssues.add(error, code);
  };
}

/** Returns whether a configuration belongs to GrowthBook's dialect. */
export function isGrowthbookConfiguration(
  configuration: Configuration,
): configuration is GrowthbookConfiguration {
  // Checks the name instead of the class, because the configuration may come from another copy of this package.
  return configuration.dialect.name === "growthbook";
}

/** A feature is carried over to the next configuration only if both have the same compiler. */
const COMPILER: FlagCompiler<CompiledFeature> = /* @__PURE__ */ compilerOf(false);
const REFUSING_COMPILER: FlagCompiler<CompiledFeature> = /* @__PURE__ */ compilerOf(true);

function compilerOf(refuseRiskyPatterns: boolean): FlagCompiler<CompiledFeature> {
  return {
    compile: (source: FlagSource) => {
      const { interned, key, path, raw } = source;
      shareMembers(raw, interned);
      const errors = new ErrorBudget((problem) => new MalformedError(path, problem));
      const options = compileOptions(refuseRiskyPatterns, source, interned);
      return compileFeature(key, raw, { ...options, errors });
    },
    compileBroken: (key, { path, problem }) =>
      new CompiledFeature(key, new MalformedError(path, problem), false, undefined, false),
  };
}

function compileOptions(
  refuses: boolean,
  sink: ProblemSink,
  interned: Interned | null = null,
): CompileOptions {
  return {
    interned,
    guard: patternGuard(refuses, sink),
    isGiven: false,
    errors: null,
    report: (path, problem, code) => sink.report(decodeError(path, problem), code),
  };
}

/** Creates options that analyse each pattern once, no matter how many instances run an experiment. */
function refusingOptions(): CompileOptions {
  const guard = patternGuard(true, { report: () => {}, later: () => {} });
  const known = new Map<string, PatternTest | null>();
  return {
    ...UNREPORTED,
    guard: (pattern, path) => {
      const key = `${pattern}`;
      const test = known.has(key) ? known.get(key) : guard(pattern, path);
      if (known.size < MAX_KNOWN_PATTERNS) known.set(key, test ?? null);
      return test ?? null;
    },
  };
}

/** A limit, because experiments in the caller's code may have a different pattern each time. */
const MAX_KNOWN_PATTERNS = 1_000;

function timeOf(date: unknown): number | null {
  const ms = typeof date === "string" ? Date.parse(date) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

// Outside of the class, because bundlers rename a class that refers to itself.
function configurationOf(parts: ConfigurationParts): GrowthbookConfiguration {
  return new GrowthbookConfiguration(parts);
}
