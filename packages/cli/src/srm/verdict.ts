import { countText } from "../text/values.js";
import type { Cause } from "./cause.js";
import { comparedParts, isWithin } from "./compared-part.js";
import type { ConfiguredExperiment } from "./configured-experiment.js";
import { alwaysValidCorrection, correctionFor } from "./correction.js";
import { type Counts, together, totalOf } from "./counts.js";
import { type DifferingPart, findingsOf } from "./findings.js";
import type { ExperimentSubjects } from "./first-exposures.js";
import type { Period } from "./periods.js";
import { LEVEL, lnEvidence, type Shares, type SplitTest, testSplit } from "./split-test.js";
import { MAX_VALUES, type Parts, type Tally, tallyOf } from "./tally.js";

/** The verdict on one experiment. */
export interface ExperimentVerdict {
  /** The flag that runs the experiment; `null` if there is none or several. */
  readonly flag: string | null;
  readonly allocation: string | null;
  readonly experiment: string | null;
  /** The period of the split; `null` if it did not change. */
  readonly period: Period | null;
  /** Number of exposures; `null` if the rows contain counts of subjects. */
  readonly exposures: number | null;
  readonly subjects: number;
  /**
   * The verdict, which depends only on the p-value of {@link test}. `too-few` means that no split of so few subjects would be a
   * mismatch.
   * `unknown` means that the shares are unknown or leave nothing to test, see `problem`.
   */
  readonly verdict: "mismatch" | "none" | "too-few" | "unknown";
  readonly problem: string | null;
  readonly counts: Counts;
  /** Shares by variation, 0 to 1. Empty if unknown. */
  readonly shares: ReadonlyMap<string, number>;
  /** The test of the split; `null` if the verdict is `too-few` or `unknown`. */
  readonly test: SplitTest | null;
  /** Whether the always-valid test reports a mismatch. It decides the verdict only if {@link SrmContext.isAlwaysValid}. */
  readonly isCertain: boolean;
  /** The first day on which it reports a mismatch in all data up to that day; `null` if there is none. */
  readonly certainSince: string | null;
  /** The part that explains the mismatch; `null` if there is none. */
  readonly cause: Cause | null;
  /** Parts that are split differently from the rest; empty unless there is a mismatch. */
  readonly differing: readonly DifferingPart[];
  /** Number of parts that were compared with the rest; 0 unless there is a mismatch. */
  readonly compared: number;
  readonly days: readonly PartTest[];
  readonly values: readonly (PartTest & { readonly attribute: string })[];
  /** Parts that have a mismatch, the smallest p-value first. Periods within another part are left out. */
  readonly parts: readonly DifferingPart[];
  /** Attributes of `--by` whose rare values are tested together. */
  readonly pooled: readonly PooledAttribute[];
  /** Subjects that are left out, because the flag does not have their variation, or its share is 0. */
  readonly unknownVariations: Counts;
}

export interface PooledAttribute {
  readonly attribute: string;
  /** Number of values. */
  readonly values: number;
}

/** The test of one day or of one attribute value. */
export interface PartTest {
  readonly name: string;
  readonly counts: Counts;
  /** The p-value, corrected for the number of all parts. */
  readonly pValue: number;
}

/** Causes that rows of counts cannot show. */
export const HIDDEN_BY_COUNTS: readonly Cause["kind"][] = ["duplicates", "two-variations"];

/**
 * Up to this fraction of the subjects, those with a variation that the flag does not have or that has no share are left out. More
 * of them cannot be a few odd rows or testers, so they count, and the split is a mismatch.
 */
const MAX_UNKNOWN = 0.01;

/** The configuration and the attributes that an experiment is judged with. */
export interface SrmContext {
  readonly configured: ConfiguredExperiment;
  readonly period: Period | null;
  readonly publishedAtMs: number | null;
  readonly attributes: readonly string[];
  /** Whether the always-valid test decides the verdict. */
  readonly isAlwaysValid: boolean;
  /** The variation in events of subjects without one; `null` if there is none. */
  readonly noVariation: string | null;
}

/** Judges whether the subjects of an experiment were split as configured. */
export function judgeExperiment(
  experiment: ExperimentSubjects,
  { attributes, configured, isAlwaysValid, noVariation, period, publishedAtMs }: SrmContext,
): ExperimentVerdict {
  const { exposures, subjectCount } = experiment;
  const { allocation, flag, keyOf } = configured;
  const all = { attributes: attributes.length, publishedAtMs, keyOf };
  const known = { ...all, keyOf: (name: string) => knownKey(keyOf(name), configured) };
  const ofKnown = tallyOf(experiment.subjects, known);
  const isRare = totalOf(ofKnown.unknown) <= MAX_UNKNOWN * subjectCount;
  const counting = isRare ? known : all;
  const tally = isRare ? ofKnown : tallyOf(experiment.subjects, all);
  const subjects = subjectCount - totalOf(tally.unknown);
  const shares = configured.shares ?? new Map<string, number>();
  const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
  const common = {
    flag,
    allocation,
    experiment: experiment.experiment,
    period,
    exposures,
    subjects,
    counts: tally.all,
    shares: new Map(total === 0 ? [] : [...shares].map(([key, share]) => [key, share / total])),
    isCertain: false,
    certainSince: null,
    test: null,
    cause: null,
    differing: [],
    compared: 0,
    days: [],
    values: [],
    parts: [],
    pooled: [],
    unknownVariations: tally.unknown,
  };
  if (configured.problem !== null || total === 0) {
    const problem = configured.problem ?? "the configuration assigns no subjects";
    return { ...common, verdict: "unknown", problem };
  }
  if (noVariation !== null && shares.has(noVariation) && !tally.all.has(noVariation)) {
    const problem = `no event names the variation ${noVariation}, which is not sent if it is the default`;
    return { ...common, verdict: "unknown", problem };
  }
  if (isOneVariation(shares, tally.all)) {
    const problem = "all subjects get the same variation, so there is no split to test";
    return { ...common, verdict: "unknown", problem };
  }
  const once = testSplit(tally.all, shares);
  if (!isAlwaysValid && once.pValue >= LEVEL && leastPValue(shares, subjects) >= LEVEL) {
    const problem = `${countText(subjects, "subject")} are too few to detect any mismatch`;
    return { ...common, verdict: "too-few", problem };
  }
  const always = alwaysValidTest(tally, shares);
  const test: SplitTest = isAlwaysValid
    ? { ...once, pValue: always.pValue, method: "always-valid" }
    : once;
  const isMismatch = test.pValue < LEVEL;
  const comparison = { shares, publishedAtMs, attributes };
  const correct = (isAlwaysValid ? alwaysValidCorrection : correctionFor)(tally);
  const pValueOf = (counts: Counts): number =>
    isAlwaysValid ? Math.exp(-lnEvidence(counts, shares)) : testSplit(counts, shares).pValue;
  const testParts = (kind: "day" | "attribute", parts: Parts): readonly PartTest[] =>
    [...parts].map(([name, counts], i) => {
      return { name, counts, pValue: correct(kind, pValueOf(counts), i) };
    });
  const days = testParts("day", tally.byDay);
  const dayNames = [...tally.byDay.keys()];
  const wrongParts = comparedParts(tally, comparison)
    .map((part): DifferingPart => {
      const index = dayNames.indexOf(part.name);
      return { ...part, pValue: correct(part.kind, pValueOf(part.counts), index) };
    })
    .filter(({ pValue }) => pValue < LEVEL)
    .sort((a, b) => a.pValue - b.pValue);
  return {
    ...common,
    problem: null,
    verdict: isMismatch ? "mismatch" : "none",
    test,
    isCertain: always.pValue < LEVEL,
    certainSince: always.since,
    ...(isMismatch
      ? findingsOf(tally, { subjects: experiment.subjects, counting }, comparison)
      : {}),
    days,
    values: tally.byValue.flatMap((parts, i) => {
      const attribute = attributes[i] ?? "";
      return testParts("attribute", parts).map((it) => ({ ...it, attribute }));
    }),
    parts: wrongParts.filter((part) => !wrongParts.some((other) => isWithin(part, other))),
    pooled: tally.valueCounts.flatMap((values, i) =>
      values > MAX_VALUES ? [{ attribute: attributes[i] ?? "", values }] : [],
    ),
  };
}

/** The p-value if all subjects get the variation with the smallest share. */
function leastPValue(shares: Shares, subjects: number): number {
  const given = [...shares].filter(([, share]) => share > 0);
  const [rarest = ""] = given.sort(([, a], [, b]) => a - b)[0] ?? [];
  return testSplit(new Map([[rarest, subjects]]), shares).pValue;
}

/** Returns `null` for a variation that the flag does not have, or that a split gives to nobody. */
function knownKey(key: string, configured: ConfiguredExperiment): string | null {
  const { shares } = configured;
  if (shares === null || configured.variations === null) return key;
  const isSplit = [...shares.values()].filter((share) => share > 0).length > 1;
  const isKnown = isSplit ? (shares.get(key) ?? 0) > 0 : configured.variations.has(key);
  return isKnown ? key : null;
}

/** Whether one variation has all traffic and no subject got a different one. */
function isOneVariation(shares: ReadonlyMap<string, number>, counts: Counts): boolean {
  const [first, ...others] = [...shares].filter(([, share]) => share > 0);
  return others.length === 0 && totalOf(counts) === (counts.get(first?.[0] ?? "") ?? 0);
}

/** The smallest always-valid p-value until the end of any day, and the first day on which it is below the level. */
function alwaysValidTest(
  { all, byDay }: Tally,
  shares: Shares,
): { readonly pValue: number; readonly since: string | null } {
  let until: Counts = new Map();
  let since: string | null = null;
  let lnLargest = lnEvidence(all, shares);
  for (const [day, counts] of byDay) {
    until = together([until, counts]);
    const ln = lnEvidence(until, shares);
    if (since === null && Math.exp(-ln) < LEVEL) since = day;
    lnLargest = Math.max(lnLargest, ln);
  }
  return { pValue: Math.min(1, Math.exp(-lnLargest)), since };
}
