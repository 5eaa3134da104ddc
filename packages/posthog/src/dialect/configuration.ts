import {
  type Check,
  type CompileIssue,
  type Configuration,
  type Dialect,
  type FlagCompiler,
  type FlagsPlace,
  IssueList,
  isJsonObject,
  type JsonObject,
  LazyFlags,
  type PayloadSet,
  patternGuard,
  type RawFlags,
  type ReportProblem,
  revisionOf,
  runAtOnce,
  type Steps,
} from "@sortition/core/dialect";
import { compileCohort } from "./condition/cohort.js";
import type { PropertyGroup } from "./evaluation/evaluation-call.js";
import type { PosthogExtras } from "./extras.js";
import type { MakeFlag } from "./flag-compiler.js";
import type { EvaluationRuntime } from "./flag-wire.js";
import type { ServedFlag } from "./served-flag.js";

/** Where the flags of the definitions are. Those with a key twice are parsed as a whole: {@link ListedFlag} needs all of them. */
export const FLAGS_PLACE: FlagsPlace = {
  member: "flags",
  shape: "list",
  keyMember: "key",
  exists: () => true,
};

/** One of the definitions. Where several have the same key, the last one decides. */
export interface ListedFlag {
  readonly key: string;
  readonly runtime: EvaluationRuntime;
}

export interface SharedParts {
  readonly cohorts: JsonObject;
  readonly groupTypes: JsonObject;
  readonly matchingVersion: unknown;
}

export interface PosthogParts {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly raw: RawFlags;
  readonly shared: SharedParts;
  /** The server's gate for short `$feature_flag_called` events. */
  readonly hasMinimalEvents: boolean;
  /** All definitions that exist; `null` if that is the order of their keys, each of which is there once. */
  readonly listed: readonly ListedFlag[] | null;
  readonly compiler: FlagCompiler<ServedFlag>;
  /** The same with flags made in another way. */
  readonly compilerWith: (make: MakeFlag) => FlagCompiler<ServedFlag>;
  /** Whether all flags exist: no evaluation contexts are chosen. */
  readonly hasAllFlags: boolean;
  /** Whether risky patterns are refused. */
  readonly refuses: boolean;
}

/** Flag definitions with what they share: cohorts, group types, the version of matching. */
export class PosthogConfiguration implements Configuration<PosthogExtras> {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly environment = null;
  readonly publishedAtMs = null;
  readonly bandits = null;
  readonly matchingVersion: unknown;
  readonly hasMinimalEvents: boolean;
  /** All definitions that exist, in their order; `null` if that is the order of {@link flagKeys}, without repetitions. */
  readonly listed: readonly ListedFlag[] | null;
  readonly #parts: PosthogParts;
  readonly #flags: LazyFlags<ServedFlag>;
  readonly #cohorts = new Map<string, PropertyGroup>();
  readonly #cohortIssues = new IssueList(null);
  readonly #cohortChecks: Check[] = [];

  constructor(parts: PosthogParts) {
    const { compiler, raw, shared } = parts;
    this.#parts = parts;
    this.dialect = parts.dialect;
    this.payloads = parts.payloads;
    this.matchingVersion = shared.matchingVersion;
    this.hasMinimalEvents = parts.hasMinimalEvents;
    this.listed = parts.listed;
    this.#flags = new LazyFlags({
      raw,
      place: FLAGS_PLACE,
      compiler,
      sharedPartsOf: () => shared,
    });
  }

  get revision(): string {
    return revisionOf(this.payloads);
  }

  get flagKeys(): ReadonlySet<string> {
    return this.#flags.keys;
  }

  /** Number of flags. Flags of other evaluation contexts do not count. Decodes flags only if contexts were chosen. */
  get flagCount(): number {
    if (this.#parts.hasAllFlags) return this.flagKeys.size;
    let count = 0;
    for (const key of this.flagKeys) if (this.flag(key) !== null) count += 1;
    return count;
  }

  get issues(): readonly CompileIssue[] {
    const { issues } = this.#flags;
    runAtOnce(this.#checkCohorts());
    return [...issues, ...this.#cohortIssues.list()];
  }

  get issueCount(): { readonly found: number; readonly complete: boolean } {
    const { complete, found } = this.#flags.issueCount;
    return {
      found: found + this.#cohortIssues.found,
      complete: complete && this.#cohortChecks.length === 0,
    };
  }

  isSameFlag(key: string, there: Configuration): boolean {
    return #flags in there && this.#flags.isSame(key, there.#flags);
  }

  warm(keys?: readonly string[] | ReadonlySet<string>): void {
    this.#flags.warm(keys);
  }

  *inspect(): Steps<void> {
    yield* this.#flags.inspect();
    yield* this.#checkCohorts();
  }

  *#checkCohorts(): Steps<void> {
    for (const id of Object.keys(this.#parts.shared.cohorts)) this.cohort(id);
    for (let check = this.#cohortChecks.shift(); check; check = this.#cohortChecks.shift()) {
      check(this.#reportOfCohort);
      yield;
    }
  }

  readonly #reportOfCohort: ReportProblem = (error, code = "malformed") => {
    this.#cohortIssues.add(error, code);
  };

  /** Takes over the compiled flags of a former configuration whose content did not change. */
  adopt(former: PosthogConfiguration): Steps<void> {
    return this.#flags.adopt(former.#flags);
  }

  flag(key: string): ServedFlag | null {
    return this.#flags.flag(key);
  }

  /** A cohort by its id, compiled on its first use; `null` if only the server knows it. */
  cohort(id: string): PropertyGroup | null {
    const known = this.#cohorts.get(id);
    if (known !== undefined) return known;
    const { refuses, shared } = this.#parts;
    if (!Object.hasOwn(shared.cohorts, id)) return null;
    const guard = patternGuard(refuses, {
      report: this.#reportOfCohort,
      later: (check) => this.#cohortChecks.push(check),
    });
    const path = `$.cohorts[${JSON.stringify(id)}]`;
    const cohort = compileCohort(shared.cohorts[id], path, guard);
    this.#cohorts.set(id, cohort);
    return cohort;
  }

  /** The name of a group type; `null` if there is none. */
  groupType(index: unknown): string | null {
    const { groupTypes } = this.#parts.shared;
    const key = String(index);
    const name = Object.hasOwn(groupTypes, key) ? groupTypes[key] : undefined;
    return name ? String(name) : null;
  }

  /** The same content with another dialect object, its flags made in another way. */
  recompiled(dialect: Dialect, make: MakeFlag): PosthogConfiguration {
    const compiler = this.#parts.compilerWith(make);
    return configurationOf({ ...this.#parts, dialect, compiler });
  }
}

/** Whether a configuration is one of this dialect, also of another copy of this package. */
export function isPosthogConfiguration(
  configuration: Configuration,
): configuration is PosthogConfiguration {
  return configuration.dialect.name === "posthog";
}

/** The parts that flags share, from the root of the definitions. */
export function sharedPartsOf(root: JsonObject): SharedParts {
  return {
    cohorts: asObject(root["cohorts"]),
    groupTypes: asObject(root["group_type_mapping"]),
    matchingVersion: root["property_matching_version"],
  };
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

// Outside of the class: bundlers rename a class that refers to itself.
function configurationOf(parts: PosthogParts): PosthogConfiguration {
  return new PosthogConfiguration(parts);
}
