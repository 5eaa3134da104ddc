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

/** Members of an experiment as received. */
export type ExperimentWire = Readonly<Record<string, unknown>>;

/** Where an experiment comes from. What evaluations seldom need is made from it each time. */
export interface ExperimentOrigin {
  /** JSON path. */
  readonly path: string;
  /** Key of the feature whose rule contains the experiment; `undefined` for an experiment in code. */
  readonly featureKey?: string | undefined;
  /** The experiment as received. One of a rule is an object of its own each time: observers may keep and change it. */
  readonly experiment: ExperimentWire;
  /** Before members were replaced. Quirk: its key is hashed, and its variations are counted (growthbook). */
  readonly former?: Pick<CompiledExperiment, "key" | "variations">;
}

/** What only few experiments have, and those of rules never. */
interface RareParts {
  readonly include: (() => boolean) | null;
  readonly groups: readonly string[] | null;
  /** Tested with the URL; only a regular expression can be. */
  readonly url: RegExp | null;
  readonly urlPatterns: readonly UrlTarget[] | null;
  readonly urlTestOf: UrlTestOf;
  readonly hasForce: boolean;
  readonly force: number | undefined;
  readonly isOff: boolean;
  readonly isStopped: boolean;
}

/** What is read with sticky buckets only. */
interface StickyParts {
  /** `null` if it has none, or sticky buckets are disabled for it. */
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
 * An experiment that is ready to be run. Members that are compared, concatenated or reported as they are
 * have the vendor's type, but may be anything.
 */
export interface CompiledExperiment {
  readonly origin: ExperimentOrigin;
  readonly key: string;
  /** Whether its values are the caller's own. */
  readonly isGiven: boolean;
  /** Whether it has no `filters` … `parents`, `include` and `groups`: no user is excluded. */
  readonly isOpen: boolean;
  /** True if it uses no member of {@link RareParts}. */
  readonly isOrdinary: boolean;
  readonly hasPassthrough: boolean;
  /** `undefined` if the variations have no length: then no index is too large. */
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

/** A part of the users that experiments share. */
export interface CompiledNamespace {
  readonly hash: CompiledHash;
  readonly start: number;
  readonly end: number;
}

/**
 * Compiles an experiment.
 *
 * @param origin - its `experiment` has `key` and `variations`; everything else may be missing or malformed.
 */
export function compileExperiment(
  origin: ExperimentOrigin,
  options: CompileOptions,
): CompiledExperiment {
  const { experiment: wire } = origin;
  const it = wire as unknown as Partial<Experiment<unknown>>; // every use tolerates any type
  const variations = it.variations as unknown as readonly unknown[];
  const former = origin.former ?? (it as Experiment<unknown>);
  const { key } = former;
  const usesSticky = !it.disableStickyBucketing;
  const count = lengthOf(former.variations);
  const { condition, filters, groups, include, namespace, parentConditions: parents } = it;
  const isOff = it.status === "draft" || it.active === false;
  const isStopped = it.status === "stopped";
  const hasForce = "force" in wire;
  const isOrdinary = !(it.url || it.urlPatterns || hasForce || isOff || isStopped);
  return {
    // First what every evaluation reads: it shares cache lines.
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
    sticky: stickyPartsOf(it, usesSticky),
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

/** Without variations it is not known: those without a length have any index. */
function hasPassthrough(count: number, meta: readonly VariationMeta[] | undefined): boolean {
  if (count === 0) return true;
  for (let i = 0; i < count; i++) if (meta?.[i]?.passthrough) return true;
  return false;
}

/** What keys of the assignments of an experiment in sticky documents begin with. */
export function stickyPrefixOf({ key, origin }: CompiledExperiment): string {
  return `${safeText(origin.former ? origin.experiment["key"] : key)}__`;
}

/** Key of the assignment of an experiment in sticky documents. */
export function stickyIdOf(experiment: CompiledExperiment): string {
  return `${stickyPrefixOf(experiment)}${safeText(experiment.sticky.bucketVersion || 0)}`;
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

/** Most experiments split evenly, or by the same few weights. */
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

/** The bucket ranges of weights, or what the vendor throws where it needs them. */
export function rangesOf(
  variations: unknown,
  coverage: number | undefined,
  weights: number[] | undefined,
): CompiledRanges | Error {
  try {
    const ranges = getBucketRanges(lengthOf(variations) as number, coverage, weights);
    const bounds: number[] = [];
    for (const [start, end] of ranges) bounds.push(start, end);
    return { bounds: bounds.slice(), error: null }; // without the room that `push` leaves
  } catch (error) {
    return error instanceof Error ? error : new TypeError("weights: expected an array of numbers");
  }
}

/** Quirk: a string is a list of its characters; other scalars and objects have no length (growthbook). */
function lengthOf(variations: unknown): number | undefined {
  return Array.isArray(variations) || typeof variations === "string"
    ? variations.length
    : undefined;
}

/** Throws as the vendor does if `meta` is there, but has no entry for the variation. */
export function checkMeta({ meta, origin }: CompiledExperiment, index: number): void {
  if (meta === null) return;
  const own = meta[index];
  if (own === undefined || own === null) {
    throw new MalformedError(`${origin.path}.meta[${index}]`, "expected an object, got nothing");
  }
}

function compileNamespace(wire: readonly unknown[]): CompiledNamespace {
  const [id, start, end] = [wire[0], wire[1], wire[2]];
  return { hash: compileHash(`__${safeText(id)}`, 1), start: start as number, end: end as number }; // compared as they are
}
