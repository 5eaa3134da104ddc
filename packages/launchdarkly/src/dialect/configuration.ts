import {
  type Check,
  type CompiledFlag,
  type CompileIssue,
  type Configuration,
  type Dialect,
  type FlagCompiler,
  type FlagsPlace,
  IssueList,
  type JsonObject,
  LazyFlags,
  member,
  type PayloadSet,
  patternGuard,
  type RawFlags,
  type ReportProblem,
  revisionOf,
  runAtOnce,
  type Steps,
} from "@sortition/core/dialect";
import type { BigSegmentLookup, Prerequisite } from "./evaluation/evaluation-call.js";
import type { LaunchdarklyExtras } from "./extras.js";
import { createFlagCompiler, type MakeFlag } from "./flag.js";
import type { FlagDefinition } from "./flag-definition.js";
import { compileSegment, type Segment } from "./segment.js";

/** Where the flags are in a payload. */
export const FLAGS_PLACE: FlagsPlace = { member: "flags", shape: "map" };

/** A flag of a configuration, which may be a prerequisite of another. */
interface Flag extends CompiledFlag<LaunchdarklyExtras>, Prerequisite {
  /** `null` for a flag that cannot be decoded. */
  readonly definition: FlagDefinition | null;
}

/** Contents of a configuration. */
export interface LaunchdarklyParts {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly raw: RawFlags;
  readonly segments: JsonObject;
  readonly compiler: FlagCompiler<Flag>;
  readonly bigSegments: BigSegmentLookup | null;
  /** Whether risky patterns are refused. */
  readonly refuses: boolean;
}

// Not the class itself, whose type is another one in each copy of this package.
/** LaunchDarkly's flags and segments. */
export interface LaunchdarklyContent extends Configuration<LaunchdarklyExtras> {
  readonly segmentKeys: readonly string[];
}

/** Flags, and the segments that they share. */
export class LaunchdarklyConfiguration implements Configuration<LaunchdarklyExtras> {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly environment = null;
  readonly publishedAtMs = null;
  readonly bandits = null;
  readonly bigSegments: BigSegmentLookup | null;
  readonly parts: LaunchdarklyParts;
  readonly #flags: LazyFlags<Flag>;
  readonly #segments = new Map<string, Segment | null>();
  readonly #segmentIssues = new IssueList(null);
  readonly #segmentChecks: Check[] = [];

  constructor(parts: LaunchdarklyParts) {
    const { compiler, raw, segments } = parts;
    this.parts = parts;
    this.dialect = parts.dialect;
    this.payloads = parts.payloads;
    this.bigSegments = parts.bigSegments;
    const sharedPartsOf = (): JsonObject => segments;
    this.#flags = new LazyFlags({ raw, place: FLAGS_PLACE, compiler, sharedPartsOf });
  }

  get revision(): string {
    return revisionOf(this.payloads);
  }

  get flagKeys(): ReadonlySet<string> {
    return this.#flags.keys;
  }

  get issues(): readonly CompileIssue[] {
    const { issues } = this.#flags;
    runAtOnce(this.#checkSegments());
    return [...issues, ...this.#segmentIssues.list()];
  }

  get issueCount(): { readonly found: number; readonly complete: boolean } {
    const { complete, found } = this.#flags.issueCount;
    const areChecked =
      this.#segments.size === this.segmentKeys.length && this.#segmentChecks.length === 0;
    return { found: found + this.#segmentIssues.found, complete: complete && areChecked };
  }

  isSameFlag(key: string, there: Configuration): boolean {
    return #flags in there && this.#flags.isSame(key, there.#flags);
  }

  warm(keys?: readonly string[] | ReadonlySet<string>): void {
    this.#flags.warm(keys);
  }

  *inspect(): Steps<void> {
    yield* this.#flags.inspect();
    yield* this.#checkSegments();
  }

  /** Adopts the compiled flags of a previous configuration whose content is unchanged. */
  adopt(former: LaunchdarklyConfiguration): Steps<void> {
    return this.#flags.adopt(former.#flags);
  }

  /** Keys of the segments. */
  get segmentKeys(): readonly string[] {
    return Object.keys(this.parts.segments);
  }

  /** Returns a segment as received, or `undefined` if it does not exist. */
  segmentWire(key: string): unknown {
    const { segments } = this.parts;
    return Object.hasOwn(segments, key) ? segments[key] : undefined;
  }

  flag(key: string): Flag | null {
    return this.#flags.flag(key);
  }

  /** Returns a segment, or `null` if it does not exist. It is compiled on first use. */
  segment(key: string): Segment | null {
    const known = this.#segments.get(key);
    if (known !== undefined) return known;
    const { refuses, segments } = this.parts;
    if (!Object.hasOwn(segments, key)) return null;
    const report = this.#reportOfSegment;
    const guard = patternGuard(refuses, {
      report,
      later: (check) => this.#segmentChecks.push(check),
    });
    const segment = compileSegment(key, segments[key], member("$.segments", key), {
      guard,
      report,
    });
    this.#segments.set(key, segment);
    return segment;
  }

  /** Returns the same content with another dialect object and another flag factory. */
  recompiled(dialect: Dialect, make: MakeFlag): LaunchdarklyConfiguration {
    const compiler = createFlagCompiler(this.parts.refuses, make);
    return configurationOf({ ...this.parts, dialect, compiler });
  }

  *#checkSegments(): Steps<void> {
    for (const key of this.segmentKeys) {
      this.segment(key);
      yield;
    }
    for (let check = this.#segmentChecks.shift(); check; check = this.#segmentChecks.shift()) {
      check(this.#reportOfSegment);
      yield;
    }
  }

  readonly #reportOfSegment: ReportProblem = (error, code = "malformed") => {
    this.#segmentIssues.add(error, code);
  };
}

/** Returns whether a configuration belongs to this dialect, even if it comes from another copy of this package. */
export function isLaunchdarklyConfiguration(
  configuration: Configuration,
): configuration is LaunchdarklyConfiguration {
  return isLaunchdarkly(configuration);
}

/** Returns whether a configuration has LaunchDarkly's flags, even if it comes from another copy of this package. */
export function isLaunchdarkly(configuration: Configuration): configuration is LaunchdarklyContent {
  return configuration.dialect.name === "launchdarkly";
}

// Outside of the class, because bundlers rename a class that refers to itself.
function configurationOf(parts: LaunchdarklyParts): LaunchdarklyConfiguration {
  return new LaunchdarklyConfiguration(parts);
}
