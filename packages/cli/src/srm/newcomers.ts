import type { AllocationDescription, FlagDescription } from "@sortition/core/dialect";
import type { JointCell } from "@sortition/core/dialect-internal";
import { jointCells } from "../shares/joint-shares.js";
import type { ConfiguredExperiment } from "./configured-experiment.js";
import { totalOf } from "./counts.js";

/**
 * How subjects are split whose first exposure is in a period. Subjects that an earlier revision gave a variation are no
 * newcomers, and it may have taken them unevenly from the variations of the period.
 */
export type Newcomers =
  /** They are split like all subjects. */
  | { readonly kind: "alike" }
  /** The split depends on which of the earlier revisions would have given a subject a variation. */
  | {
      readonly kind: "classes";
      /** Indexes of the earlier revisions. */
      readonly revisions: readonly number[];
      /** The shares by {@link classOf}. */
      readonly shares: ReadonlyMap<string, ReadonlyMap<string, number>>;
    }
  | { readonly kind: "unknown"; readonly problem: string };

/** An experiment in an earlier revision. */
export interface EarlierExperiment {
  readonly revision: number;
  readonly configured: ConfiguredExperiment;
}

/** Shares that differ by less than this are equal. */
const TOLERANCE = 1e-9;
const UNKNOWN_RANGES =
  "earlier revisions gave variations to some of the subjects, and their ranges do not show to which";
const OTHER_RULES =
  "the rules changed together with the split, so the rows do not show whom earlier revisions left out";

/** A string for which of several revisions would have given a subject a variation. */
export function classOf(given: readonly boolean[]): string {
  return given.map(Number).join("");
}

/** Tells how newcomers are split by `now`, after these earlier revisions. */
export function newcomersOf(
  earlier: readonly EarlierExperiment[],
  now: ConfiguredExperiment,
): Newcomers {
  const partial = distinct(earlier.filter(({ configured }) => isPartial(configured)));
  if (partial.length === 0 || now.problem !== null) return { kind: "alike" };
  const sources = [...partial.map(({ configured }) => configured), now].map(({ source }) => source);
  const allocations = sources.flatMap((it) => it?.flag.allocations[it.index] ?? []);
  const isKnown =
    allocations.length === sources.length &&
    allocations.every((it) => it.traffic !== null && it.participants === null);
  const flags = sources.flatMap((it, i) => (it ? alone(it.flag, allocations[i]) : []));
  const cells = isKnown ? jointCells(flags, 0) : null;
  if (cells === null) return { kind: "unknown", problem: UNKNOWN_RANGES };
  const shares = sharesByClass(cells);
  if (areAlike([...shares.values()])) return { kind: "alike" };
  const contexts = sources.map((it) => {
    const until = it?.flag.allocations.slice(0, it.index) ?? [];
    return JSON.stringify([it?.flag.key, until, it?.flag.allocations[it.index]?.rules]);
  });
  if (new Set(contexts).size > 1) return { kind: "unknown", problem: OTHER_RULES };
  return { kind: "classes", revisions: partial.map(({ revision }) => revision), shares };
}

/** Whether a revision gives variations to some subjects, but not to all that meet its rules. */
function isPartial({ problem, shares, source }: ConfiguredExperiment): boolean {
  if (source === null && problem !== null) return false; // it does not have the experiment
  return shares === null || totalOf(shares) < 1 - TOLERANCE;
}

/** One of those whose splits are equal. */
function distinct(earlier: readonly EarlierExperiment[]): readonly EarlierExperiment[] {
  const bySplits = new Map<string, EarlierExperiment>();
  for (const it of earlier) {
    const { source } = it.configured;
    const allocation = source?.flag.allocations[source.index];
    bySplits.set(JSON.stringify([allocation?.splits, allocation?.rules]), it);
  }
  return [...bySplits.values()];
}

/** A flag with one allocation, without its rules, which do not depend on hashes. */
function alone(
  flag: FlagDescription,
  allocation: AllocationDescription | undefined,
): FlagDescription {
  const allocations = allocation === undefined ? [] : [{ ...allocation, rules: [], window: null }];
  return { ...flag, isEnabled: true, allocations };
}

/** Adds up cells, whose last variation is that of the period. */
function sharesByClass(
  cells: readonly JointCell[],
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const byClass = new Map<string, Map<string, number>>();
  for (const { share, variations } of cells) {
    const now = variations.at(-1) ?? null;
    if (now === null || share === 0) continue;
    const key = classOf(variations.slice(0, -1).map((it) => it !== null));
    const shares = byClass.get(key) ?? new Map<string, number>();
    byClass.set(key, shares.set(now, (shares.get(now) ?? 0) + share));
  }
  return byClass;
}

function areAlike(classes: readonly ReadonlyMap<string, number>[]): boolean {
  const names = [...new Set(classes.flatMap((it) => [...it.keys()]))];
  const normalized = classes.map((shares) => {
    return names.map((name) => (shares.get(name) ?? 0) / totalOf(shares));
  });
  return normalized.every((it) =>
    it.every((share, i) => Math.abs(share - (normalized[0]?.[i] ?? 0)) < TOLERANCE),
  );
}
