import {
  type CompileIssue,
  type Configuration,
  type Dialect,
  type FlagCompiler,
  type FlagsPlace,
  LazyFlags,
  type PayloadSet,
  type RawFlags,
} from "@sortition/core/dialect";
import { LazyConfiguration } from "@sortition/core/dialect-internal";
import { clausesIn, listOf } from "./clauses-in.js";
import type { BigSegmentLookup } from "./evaluation/evaluation-call.js";
import type { LaunchdarklyExtras } from "./extras.js";
import type { Flag } from "./flag.js";
import { stringOf } from "./json-values.js";
import type { Segment } from "./segment.js";

/** Where the flags are in a payload. */
export const FLAGS_PLACE: FlagsPlace = { member: "flags", shape: "map" };
/** Where the segments are. */
export const SEGMENTS_PLACE: FlagsPlace = { member: "segments", shape: "map" };

/** Contents of a configuration. */
export interface LaunchdarklyParts {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly flags: RawFlags;
  readonly segments: RawFlags;
  /** Members of the payload that are not read. */
  readonly ignored: readonly CompileIssue[];
  readonly compiler: FlagCompiler<Flag>;
  readonly segmentCompiler: FlagCompiler<Segment>;
  readonly bigSegments: BigSegmentLookup | null;
}

// Not the class itself, whose type is another one in each copy of this package.
/** LaunchDarkly's flags and segments. */
export interface LaunchdarklyContent extends Configuration<LaunchdarklyExtras> {
  readonly segmentKeys: ReadonlySet<string>;
}

/** Flags, and the segments that they share. */
export class LaunchdarklyConfiguration extends LazyConfiguration<Flag, LaunchdarklyExtras> {
  readonly bigSegments: BigSegmentLookup | null;
  readonly parts: LaunchdarklyParts;
  readonly #segments: LazyFlags<Segment>;
  /** Keys of the segments that differ, by the configuration with which this one was compared. */
  readonly #differing = new WeakMap<LaunchdarklyConfiguration, ReadonlySet<string>>();

  constructor(parts: LaunchdarklyParts) {
    const { compiler, flags, segmentCompiler } = parts;
    const segments = new LazyFlags({
      ...{ raw: parts.segments, place: SEGMENTS_PLACE, compiler: segmentCompiler },
      namesFlags: false,
    });
    super(parts, new LazyFlags({ raw: flags, place: FLAGS_PLACE, compiler }), [segments]);
    this.parts = parts;
    this.bigSegments = parts.bigSegments;
    this.#segments = segments;
  }

  override get issues(): readonly CompileIssue[] {
    return [...this.parts.ignored, ...super.issues];
  }

  override get issueCount(): { readonly found: number; readonly complete: boolean } {
    const { complete, found } = super.issueCount;
    return { found: this.parts.ignored.length + found, complete };
  }

  override isSameFlag(key: string, there: Configuration): boolean {
    if (!(#segments in there) || !super.isSameFlag(key, there)) return false;
    const differing = this.#differingSegments(there);
    return differing.size === 0 || !usesAny(this.parts.flags, key, differing);
  }

  /** Keys of the segments. */
  get segmentKeys(): ReadonlySet<string> {
    return this.#segments.keys;
  }

  /** Returns a segment as received, or `undefined` if it does not exist. */
  segmentWire(key: string): unknown {
    return this.parts.segments.read(key, "$");
  }

  /** Returns a segment, or `null` if it does not exist. It is compiled on first use. */
  segment(key: string): Segment | null {
    return this.#segments.flag(key);
  }

  /** Returns the same content with another dialect object. */
  withDialect(dialect: Dialect): LaunchdarklyConfiguration {
    return configurationOf({ ...this.parts, dialect });
  }

  /** Keys of the segments that differ from those in another configuration, or that refer to one that does. */
  #differingSegments(there: LaunchdarklyConfiguration): ReadonlySet<string> {
    const known = this.#differing.get(there);
    if (known !== undefined) return known;
    const all = new Set([...this.segmentKeys, ...there.segmentKeys]);
    const keys = new Set([...all].filter((key) => !this.#segments.isSame(key, there.#segments)));
    // No chain of references is longer than the number of segments.
    for (const _ of all) {
      const { size } = keys;
      for (const key of all) if (usesAny(this.parts.segments, key, keys)) keys.add(key);
      if (keys.size === size) break;
    }
    this.#differing.set(there, keys);
    return keys;
  }
}

/** Whether a flag or a segment names one of these segments. */
function usesAny(items: RawFlags, key: string, segments: ReadonlySet<string>): boolean {
  let wire: unknown;
  try {
    wire = items.read(key, "$");
  } catch {
    return false; // it is not JSON
  }
  return clausesIn(wire).some(
    ({ op, values }) =>
      op === "segmentMatch" && listOf(values).some((it) => segments.has(stringOf(it))),
  );
}

/** Returns whether a configuration has LaunchDarkly's flags, even if it comes from another copy of this package. */
export function isLaunchdarkly(configuration: Configuration): configuration is LaunchdarklyContent {
  return configuration.dialect.name === "launchdarkly";
}

// Outside of the class, because bundlers rename a class that refers to itself.
function configurationOf(parts: LaunchdarklyParts): LaunchdarklyConfiguration {
  return new LaunchdarklyConfiguration(parts);
}
