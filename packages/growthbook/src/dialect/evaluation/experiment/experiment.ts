import type { CompiledCondition } from "../../condition/compiled.js";
import { compileCondition } from "../../condition/condition.js";
import { getBucketRanges } from "../../hash/buckets.js";
import { type CompiledHash, compileHash } from "../../hash/hash.js";
import { type CompileOptions, MalformedError, malformed } from "../../malformed.js";
import { safeText } from "../../safe-text.js";
import { compileUrlTests, type UrlTestOf } from "../../url/targeting.js";
import type { Experiment, UrlTarget, VariationMeta } from "../../wire.js";
import { type CompiledFilters, compileFilters } from "./filter.js";
import { type CompiledParents, compileParents } from "./parents.js";
import { type CompiledRanges, compileRanges } from "./ranges.js";

/** Members of an experiment, as received. */
export type ExperimentWire = Readonly<Record<string, unknown>>;

/** The source of an experiment. Rarely needed data is derived from it on each use. */
export interface ExperimentOrigin {
  /** JSON path of the experiment. */
  readonly path: string;
  /** Key of the feature whose rule contains the experiment. `undefined` for an experiment in code. */
  readonly featureKey?: string | undefined;
  /**
   * The experiment as received. A rule's experiment is a new object on each read, because observers may keep and change
   * it.
   */
  readonly experiment: ExperimentWire;
  /**
   * The experiment before members were replaced. Quirk: its key is hashed, and its variations are counted (growthbook).
   */
  readonly former?: Pick<CompiledExperiment, "key" | "variations">;
}

/** Parts that few experiments have, and experiments of rules never have. */
interface RareParts {
  readonly include: (() => boolean) | null;
  readonly groups: readonly string[] | null;
  /** Tested against the URL. Only a regular expression can be tested. */
  readonly url: RegExp | null;
  readonly urlPatterns: readonly UrlTarget[] | null;
  readonly urlTestOf: UrlTestOf;
  readonly hasForce: boolean;
  readonly force: number | undefined;
  readonly isOff: boolean;
  readonly isStopped: boolean;
}

/** Parts that are read only if there are sticky buckets. */
interface StickyParts {
  /** `null` if there is none or if sticky bucketing is disabled for this experiment. */
  readonly fallbackAttribute: string | null;
  readonly bucketVersion: number | undefined;
  readonly minBucketVersion: number | undefined;
}

const NO_STICKY_PARTS: StickyParts = {
  fallbackAttribute: null,
  bucketVersion: undefined,
  minBucketVersion: undefined,
};

const NO_RARE_PARTS: RareParts = {
  include: null,
  groups: null,
  url: null,
  urlPatterns: null,
  urlTestOf: () => undefined,
  hasForce: false,
  force: undefined,
  isOff: false,
  isStopped: false,
};

/**
 * An experiment that is ready to run. Members that are only compared, concatenated or reported have the vendor's type,
 * but may hold any value.
 */
export interface CompiledExperiment {
  readonly origin: ExperimentOrigin;
  readonly key: string;
  /** Whether the values belong to the caller. */
  readonly isGiven: boolean;
  /**
   * Whether the experiment has no condition, filters, groups, `include`, namespace or parents that could exclude a
   * user.
   */
  readonly isOpen: boolean;
  /** Whether it uses no member of {@link RareParts}. */
  readonly isOrdinary: boolean;
  readonly hasPassthrough: boolean;
  /** `undefined` if the variations have no length. No index is too large then. */
  readonly count: number;
  readonly variations: readonly unknown[];
  readonly meta: readonly VariationMeta[] | null;
  readonly hashAttribute: string;
  readonly usesSticky: boolean;
  readonly sticky: StickyParts;
  readonly hash: CompiledHash;
  readonly ranges: CompiledRanges | Error;
  readonly filters: CompiledFilters | null;
  readonly namespace: CompiledNamespace | null;
  readonly condition: CompiledCondition | null;
  readonly parents: CompiledParents | null;
  readonly rare: RareParts;
}

/** A share of the users that several experiments split among themselves. */
export interface CompiledNamespace {
  readonly hash: CompiledHash;
  readonly start: number;
  readonly end: number;
}

/**
 * Compiles an experiment.
 *
 * @param origin - its `experiment` must have `key` and `variations`. All other members may be missing or malformed.
 */
export function compileExperiment(
  origin: ExperimentOrigin,
  options: CompileOptions,
): CompiledExperiment {
  const { experiment: wire } = origin;
  const it = wire as unknown as Partial<Experiment<unknown>>; // code that reads a member accepts any type
  const variations = it.variations as unknown as readonly unknown[];
  const former = origin.former ?? (it as Experiment<unknown>);
  const { key } = former;
  const usesSticky = !it.disableStickyBucketing;
  const sticky = stickyPartsOf(it, usesSticky);
  if (needsStickyBuckets(it)) options.report(origin.path, STICKY_PROBLEM, "sticky-buckets");
  const count = lengthOf(former.variations);
  const { condition, filters, groups, include, namespace, parentConditions: parents } = it;
  const isOff = it.status === "draft" || it.active === false;
  const isStopped = it.status === "stopped";
  const hasForce = "force" in wire;
  const isOrdinary = !(it.url || it.urlPatterns || hasForce || isOff || isStopped);
  return {
    // Members that every evaluation reads come first, so that they share cache lines.
    count: count as number,
    isOrdinary,
    isOpen: !(condition || filters || groups || include || namespace || parents),
    usesSticky,
    hashAttribute: it.hashAttribute || "id",
    hash: compileHash(it.seed || key, it.hashVersion || 1),
    meta: it.meta || null,
    hasPassthrough: hasPassthrough(count ?? 0, it.meta),
    ranges: it.ranges
      ? compileRanges(it.ranges, `${origin.path}.ranges`, (at, problem) =>
          malformed(at, problem, options),
        )
      : sharedRanges(former.variations, it.coverage, it.weights, options),
    key,
    isGiven: options.isGiven,
    origin,
    variations,
    sticky,
    filters: filters ? compileFilters(filters, `${origin.path}.filters`, options) : null,
    namespace: namespace ? compileNamespace(namespace) : null,
    condition: condition ? compileCondition(condition, `${origin.path}.condition`, options) : null,
    parents: parents ? compileParents(parents, `${origin.path}.parentConditions`, options) : null,
    rare:
      isOrdinary && !include && !groups
        ? NO_RARE_PARTS
        : {
            include: include || null,
            groups: groups || null,
            url: it.url || null,
            urlPatterns: it.urlPatterns || null,
            urlTestOf: compileUrlTests(it.urlPatterns, `${origin.path}.urlPatterns`, options),
            hasForce,
            force: it.force,
            isOff,
            isStopped,
          },
  };
}

/** Returns `true` if there are no variations, because a value without a length accepts any index. */
function hasPassthrough(count: number, meta: readonly VariationMeta[] | undefined): boolean {
  if (count === 0) return true;
  for (let i = 0; i < count; i++) if (meta?.[i]?.passthrough) return true;
  return false;
}

/** Returns the prefix of an experiment's assignments in sticky documents. */
export function stickyPrefixOf({ key, origin }: CompiledExperiment): string {
  return `${safeText(origin.former ? origin.experiment["key"] : key)}__`;
}

/** Returns the key of an experiment's assignment in sticky documents. */
export function stickyIdOf(experiment: CompiledExperiment): string {
  return `${stickyPrefixOf(experiment)}${safeText(experiment.sticky.bucketVersion || 0)}`;
}

const STICKY_PROBLEM =
  "the experiment needs sticky buckets, which only GrowthBook's class has: with other clients, subjects may get another variation";

/** Whether an experiment decides by what was saved, or by a second attribute that only sticky buckets read. */
function needsStickyBuckets(rule: {
  readonly disableStickyBucketing?: unknown;
  readonly fallbackAttribute?: unknown;
  readonly minBucketVersion?: unknown;
}): boolean {
  const { disableStickyBucketing, fallbackAttribute, minBucketVersion } = rule;
  return !disableStickyBucketing && (Boolean(fallbackAttribute) || Number(minBucketVersion) > 0);
}

function stickyPartsOf(
  { bucketVersion, fallbackAttribute, minBucketVersion }: Partial<Experiment<unknown>>,
  usesSticky: boolean,
): StickyParts {
  return bucketVersion === undefined && minBucketVersion === undefined && !fallbackAttribute
    ? NO_STICKY_PARTS
    : {
        fallbackAttribute: (usesSticky && fallbackAttribute) || null,
        bucketVersion,
        minBucketVersion,
      };
}

/** Shares ranges, because most experiments split evenly or use one of a few sets of weights. */
function sharedRanges(
  variations: unknown,
  coverage: number | undefined,
  weights: number[] | undefined,
  { interned }: CompileOptions,
): CompiledRanges | Error {
  const make = () => rangesOf(variations, coverage, weights);
  if (interned === null) return make();
  const from = [lengthOf(variations) ?? null, coverage ?? null, weights ?? null];
  return interned.of(coverage === undefined ? "ranges of all" : "ranges", from, make);
}

/** Returns the bucket ranges for the weights, or the error that the vendor throws when it needs them. */
export function rangesOf(
  variations: unknown,
  coverage: number | undefined,
  weights: number[] | undefined,
): CompiledRanges | Error {
  try {
    const ranges = getBucketRanges(lengthOf(variations) as number, coverage, weights);
    const bounds: number[] = [];
    for (const [start, end] of ranges) bounds.push(start, end);
    return { bounds: bounds.slice(), error: null }; // drops the spare capacity that `push` allocated
  } catch (error) {
    return error instanceof Error ? error : new TypeError("weights: expected an array of numbers");
  }
}

/** Quirk: a string is a list of its characters. Other scalars and objects have no length (growthbook). */
function lengthOf(variations: unknown): number | undefined {
  return Array.isArray(variations) || typeof variations === "string"
    ? variations.length
    : undefined;
}

/** Throws as the vendor does if `meta` exists but has no entry for the variation. */
export function checkMeta({ meta, origin }: CompiledExperiment, index: number): void {
  if (meta === null) return;
  const own = meta[index];
  if (own === undefined || own === null) {
    throw new MalformedError(`${origin.path}.meta[${index}]`, "expected an object, got nothing");
  }
}

function compileNamespace(wire: readonly unknown[]): CompiledNamespace {
  const [id, start, end] = [wire[0], wire[1], wire[2]];
  return { hash: compileHash(`__${safeText(id)}`, 1), start: start as number, end: end as number }; // used in comparisons only
}
