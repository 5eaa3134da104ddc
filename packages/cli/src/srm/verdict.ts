import { holm } from "@sortition/proof";
import type { ConfiguredExperiment } from "./configured-experiment.js";
import type { ExperimentSubjects } from "./first-exposures.js";
import { type Counts, type SplitTest, testSplit, totalOf, without } from "./split-test.js";
import { type Parts, type Tally, tallyOf } from "./tally.js";

/** The verdict on one experiment. */
export interface ExperimentVerdict {
  /** `null`: no flag has the experiment, or several have. */
  readonly flag: string | null;
  readonly allocation: string | null;
  readonly experiment: string | null;
  /** `null`: not known, because subjects were counted elsewhere. */
  readonly exposures: number | null;
  readonly subjects: number;
  /** `too-few`: under 100 subjects; `unknown`: the configured shares are not known, or leave nothing to test, see `problem`. */
  readonly verdict: "mismatch" | "none" | "too-few" | "unknown";
  readonly problem: string | null;
  readonly counts: Counts;
  /** By variation, of 1; empty: they are not known. */
  readonly shares: ReadonlyMap<string, number>;
  /** `null` without a verdict. */
  readonly test: SplitTest | null;
  /** The first day on which the always-valid test, of all days until then, says that there is a mismatch; `null`: none. */
  readonly certainSince: string | null;
  /** `null` unless there is a mismatch, and the data show one. */
  readonly cause: Cause | null;
  readonly days: readonly PartTest[];
  readonly values: readonly (PartTest & { readonly attribute: string })[];
}

/** One day, or one value of an attribute. */
export interface PartTest {
  readonly name: string;
  readonly subjects: number;
  /** Corrected for the number of parts, by Holm. */
  readonly pValue: number;
}

/** What a mismatch most likely comes from: without these subjects there is none. */
export interface Cause {
  readonly kind: "duplicates" | "two-variations" | "revision" | "day" | "attribute";
  /** The day or the value, for people. */
  readonly name: string;
  readonly subjects: number;
  /** Of the other subjects. */
  readonly restPValue: number;
}

/** Causes that counts cannot show. */
export const HIDDEN_BY_COUNTS: readonly Cause["kind"][] = ["duplicates", "two-variations"];

/** The level of a mismatch. */
export const LEVEL = 0.001;
/** The Bayes factor that counts as certain. */
const THRESHOLD = 1_000;
const MIN_SUBJECTS = 100;
/** Values of an attribute that are compared; one with more is an identifier. */
const MAX_VALUES = 50;

/** What an experiment is judged by. */
export interface SrmContext {
  readonly configured: ConfiguredExperiment;
  readonly publishedAtMs: number | null;
  readonly attributes: readonly string[];
}

/** Whether the subjects of an experiment were split as configured. */
export function judgeExperiment(
  experiment: ExperimentSubjects,
  { attributes, configured, publishedAtMs }: SrmContext,
): ExperimentVerdict {
  const { exposures, subjectCount } = experiment;
  const { allocation, flag, keyOf } = configured;
  const counting = { attributes: attributes.length, publishedAtMs, keyOf };
  const tally = tallyOf(experiment.subjects, counting);
  const shares = configured.shares ?? new Map<string, number>();
  const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
  const common = {
    flag,
    allocation,
    experiment: experiment.experiment,
    exposures,
    subjects: subjectCount,
    counts: tally.all,
    shares: new Map(total === 0 ? [] : [...shares].map(([key, share]) => [key, share / total])),
    certainSince: null,
    test: null,
    cause: null,
    days: [],
    values: [],
  };
  if (configured.problem !== null || total === 0) {
    const problem = configured.problem ?? "it assigns nobody";
    return { ...common, verdict: "unknown", problem };
  }
  if (isOneVariation(shares, tally.all)) {
    const problem = "it gives everybody one variation: there is no split to test";
    return { ...common, verdict: "unknown", problem };
  }
  if (subjectCount < MIN_SUBJECTS) {
    const problem = `fewer than ${MIN_SUBJECTS} subjects`;
    return { ...common, verdict: "too-few", problem };
  }
  const test = testSplit(tally.all, shares);
  const isMismatch = test.pValue < LEVEL;
  const days = testParts(tally.byDay, shares);
  return {
    ...common,
    problem: null,
    verdict: isMismatch ? "mismatch" : "none",
    test,
    certainSince: certainSince(tally.byDay, shares),
    cause: isMismatch ? likeliestCause(tally, shares, attributes) : null,
    days,
    values: tally.byValue.flatMap((parts, i) =>
      parts.size > MAX_VALUES
        ? []
        : testParts(parts, shares).map((it) => ({ ...it, attribute: attributes[i] ?? "" })),
    ),
  };
}

/** Whether one variation has all of the traffic and no subject got another variation. */
function isOneVariation(shares: ReadonlyMap<string, number>, counts: Counts): boolean {
  const [first, ...others] = [...shares].filter(([, share]) => share > 0);
  return others.length === 0 && totalOf(counts) === (counts.get(first?.[0] ?? "") ?? 0);
}

function testParts(parts: Parts, shares: ReadonlyMap<string, number>): readonly PartTest[] {
  const corrected = holm([...parts.values()].map((counts) => testSplit(counts, shares).pValue));
  return [...parts].map(([name, counts], i) => ({
    name,
    subjects: totalOf(counts),
    pValue: corrected[i] ?? 1,
  }));
}

function certainSince(days: Parts, shares: ReadonlyMap<string, number>): string | null {
  const until = new Map<string, number>();
  for (const [day, counts] of days) {
    for (const [variation, count] of counts) {
      until.set(variation, (until.get(variation) ?? 0) + count);
    }
    if (testSplit(until, shares).lnBayesFactor > Math.log(THRESHOLD)) return day;
  }
  return null;
}

/** Of the parts that have a mismatch, and without which there is none, the smallest one. */
function likeliestCause(
  { all, before, byDay, byValue, copies, ofTwo }: Tally,
  shares: ReadonlyMap<string, number>,
  attributes: readonly string[],
): Cause | null {
  const suspects: { kind: Cause["kind"]; name: string; counts: Counts }[] = [
    { kind: "duplicates", name: "duplicates", counts: copies },
    { kind: "two-variations", name: "subjects with two variations", counts: ofTwo },
    { kind: "revision", name: "before the configuration was published", counts: before },
    ...[...byDay].map(([name, counts]) => ({ kind: "day" as const, name, counts })),
    ...byValue.flatMap((parts, i) =>
      parts.size > MAX_VALUES
        ? []
        : [...parts].map(([value, counts]) => {
            return { kind: "attribute" as const, name: `${attributes[i]} = ${value}`, counts };
          }),
    ),
  ];
  const total = totalOf(all);
  let likeliest: Cause | null = null;
  for (const { counts, kind, name } of suspects) {
    const subjects = totalOf(counts);
    if (subjects === 0 || subjects === total) continue;
    if (likeliest !== null && subjects >= likeliest.subjects) continue;
    const restPValue = testSplit(without(all, counts), shares).pValue;
    if (restPValue < LEVEL || testSplit(counts, shares).pValue >= LEVEL) continue;
    likeliest = { kind, name, subjects, restPValue };
  }
  return likeliest;
}
