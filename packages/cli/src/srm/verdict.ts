import { madeOnce } from "../made-once.js";
import { countText } from "../text/values.js";
import type { Cause } from "./cause.js";
import { type ComparedPeriod, comparedParts, isWithin } from "./compared-part.js";
import type { ConfiguredExperiment } from "./configured-experiment.js";
import { alwaysValidCorrection, correctionFor } from "./correction.js";
import { type Counts, together, totalOf } from "./counts.js";
import { type DifferingPart, findingsOf } from "./findings.js";
import type { ExperimentSubjects } from "./first-exposures.js";
import { type Period, periodText } from "./periods.js";
import { Split } from "./split.js";
import { LEVEL, type Shares, type SplitTest } from "./split-test.js";
import {
  type CountedGroup,
  type Counting,
  MAX_VALUES,
  type Parts,
  type Tally,
  tallyOf,
} from "./tally.js";

/** The verdict on one experiment. */
export interface ExperimentVerdict {
  /** The flag that runs the experiment; `null` if there is none or several. */
  readonly flag: string | null;
  readonly allocation: string | null;
  readonly experiment: string | null;
  /** The periods in which the split did not change; empty if it never changed. */
  readonly periods: readonly PeriodVerdict[];
  /** Number of exposures; `null` if the rows contain counts of subjects. */
  readonly exposures: number | null;
  readonly subjects: number;
  /** Average number of exposures of the subjects with each variation; empty if unknown. */
  readonly rowsPerSubject: ReadonlyMap<string, number>;
  /**
   * The verdict, which depends only on the p-value of {@link test}. `too-few` means that no split of so few subjects would be a
   * mismatch.
   * `unknown` means that the shares are unknown or leave nothing to test, see `problem`.
   */
  readonly verdict: "mismatch" | "none" | "too-few" | "unknown";
  readonly problem: string | null;
  readonly counts: Counts;
  /** Shares by variation, 0 to 1, averaged over the subjects if there are several periods. Empty if unknown. */
  readonly shares: Shares;
  /** The test of the split; `null` if the verdict is `too-few` or `unknown`. */
  readonly test: SplitTest | null;
  /** Whether the always-valid test reports a mismatch. It decides the verdict only if {@link SrmContext.isAlwaysValid}. */
  readonly isCertain: boolean;
  /** The first day on which it reports a mismatch in all data up to that day; `null` if there is none. */
  readonly certainSince: string | null;
  /** The part that explains the mismatch; `null` if there is none. */
  readonly cause: Cause | null;
  /** Parts that are split differently from the rest; empty unless there is a mismatch. */
  readonly differing: readonly ShownPart[];
  /** Number of parts that were compared with the rest; 0 unless there is a mismatch. */
  readonly compared: number;
  readonly days: readonly PartTest[];
  readonly values: readonly (PartTest & { readonly attribute: string })[];
  /** Parts that have a mismatch, the smallest p-value first. Periods within another part are left out. */
  readonly parts: readonly ShownPart[];
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

/** Subjects by variation, and the configured shares of these subjects. */
interface SplitPart {
  readonly counts: Counts;
  readonly shares: Shares;
}

export type ShownPart = DifferingPart & SplitPart;

/** The split of a period. */
export interface PeriodVerdict extends SplitPart {
  readonly period: Period;
  /** The p-value, corrected for the number of all parts if there are several periods; `null` if there was no test. */
  readonly pValue: number | null;
  /** Why it was not tested; `null` if it was. */
  readonly problem: string | null;
}

/** The test of one day or of one attribute value. */
export interface PartTest extends SplitPart {
  readonly name: string;
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

/** The subjects of an experiment that were split with the same shares. */
export interface JudgedStratum
  extends Pick<ExperimentSubjects, "experiment" | "exposures" | "subjectCount" | "subjects"> {
  readonly configured: ConfiguredExperiment;
  /** The period of the split; `null` if it did not change. */
  readonly period: Period | null;
}

/** The options and the attributes that an experiment is judged with. */
export interface SrmContext {
  readonly publishedAtMs: number | null;
  readonly attributes: readonly string[];
  /** Whether the always-valid test decides the verdict. */
  readonly isAlwaysValid: boolean;
  /** The variation in events of subjects without one; `null` if there is none. */
  readonly noVariation: string | null;
}

/**
 * Judges whether the subjects of an experiment were split as configured.
 *
 * @param strata - not empty, in the order of their periods. Those without a split to test are left out, unless there are
 * no others.
 */
export function judgeExperiment(
  strata: readonly JudgedStratum[],
  context: SrmContext,
): ExperimentVerdict {
  const { attributes, isAlwaysValid, publishedAtMs } = context;
  const counting = { attributes: attributes.length, publishedAtMs };
  const counted = countedStrata(strata, counting, context.noVariation);
  const testable = counted.filter(({ problem }) => problem === null);
  const judged = testable.length > 0 ? testable : counted;
  const split = new Split(judged.map(({ configured }) => configured.shares ?? new Map()));
  const groups = judged.map(({ keyOf, subjects }, i): CountedGroup => {
    const keyIn = (variation: string): string | null => {
      const key = keyOf(variation);
      return key === null ? null : split.keyOf(i, key);
    };
    return { subjects, keyOf: keyIn };
  });
  const [only] = judged as readonly [CountedStratum]; // not empty
  const tally = judged.length === 1 ? only.tally : tallyOf(groups, counting);
  const subjects = totalOf(tally.all);
  const periods = periodsOf(judged);
  const { allocation, flag } = (judged.at(-1) ?? only).configured;
  const exposures = strata.map((it) => it.exposures);
  const ofPeriods = periodVerdicts(counted, judged, split, tally);
  const shares = split.expected(tally.all);
  const common = {
    ...{ flag, allocation, experiment: strata[0]?.experiment ?? null },
    exposures: exposures.reduce<number | null>(
      (sum, it) => (sum === null || it === null ? null : sum + totalOf(it)),
      0,
    ),
    rowsPerSubject: rowsPerSubject(judged, split.observed(tally.all)),
    subjects,
    counts: split.observed(tally.all),
    shares: totalOf(shares) === 0 ? new Map<string, number>() : shares,
    periods: ofPeriods,
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
  if (testable.length === 0) {
    return { ...common, verdict: "unknown", problem: counted[0]?.problem ?? null };
  }
  const pooled = pooledOverPeriods(split.test(tally.all), ofPeriods);
  if (!isAlwaysValid && pooled.pValue >= LEVEL && leastPValue(split, tally.all) >= LEVEL) {
    const are = subjects === 1 ? "is" : "are";
    const problem = `${countText(subjects, "subject")} ${are} too few to detect any mismatch: pass the exposures of more days`;
    return { ...common, verdict: "too-few", problem };
  }
  const always = alwaysValidTest(tally, split);
  const test: SplitTest = isAlwaysValid
    ? { ...pooled, pValue: always.pValue, method: "always-valid" }
    : pooled;
  const isMismatch = test.pValue < LEVEL;
  const compared = periods.length > 1 ? periods : [];
  const comparison = { split, periods: compared, publishedAtMs, attributes };
  const correct = (isAlwaysValid ? alwaysValidCorrection : correctionFor)(tally, compared.length);
  // Days and values are tested once, although they are parts too.
  const known = new Map<Counts, number>();
  const pValueOf = (counts: Counts): number => {
    const pValue =
      known.get(counts) ??
      (isAlwaysValid ? Math.exp(-split.lnEvidence(counts)) : split.test(counts).pValue);
    known.set(counts, pValue);
    return pValue;
  };
  const shown = <Part extends { readonly counts: Counts }>(part: Part): Part & SplitPart => {
    return { ...part, counts: split.observed(part.counts), shares: split.expected(part.counts) };
  };
  const testParts = (kind: "day" | "attribute", parts: Parts): readonly PartTest[] =>
    [...parts].map(([name, counts], i) =>
      shown({ name, counts, pValue: correct(kind, pValueOf(counts), i) }),
    );
  const dayNames = [...tally.byDay.keys()];
  const periodNames = compared.map(({ name }) => name);
  const wrongParts = comparedParts(tally, comparison)
    .map((part) => {
      const index = (part.kind === "period" ? periodNames : dayNames).indexOf(part.name);
      return { ...part, pValue: correct(part.kind, pValueOf(part.counts), index) };
    })
    .filter(({ pValue }) => pValue < LEVEL)
    .sort((a, b) => a.pValue - b.pValue);
  const { cause, ...findings } = isMismatch
    ? findingsOf(tally, { groups, counting }, comparison)
    : { cause: null, differing: [], compared: 0 };
  return {
    ...common,
    problem: null,
    verdict: isMismatch ? "mismatch" : "none",
    test,
    isCertain: always.pValue < LEVEL,
    certainSince: always.since,
    periods: ofPeriods.map((it) => {
      const index = compared.findIndex(({ period }) => period.fromMs === it.period.fromMs);
      const own = compared[index];
      if (own === undefined) return it;
      const pValue = pValueOf(split.within(tally.all, own.strata));
      return { ...it, pValue: correct("period", pValue, index) };
    }),
    cause,
    compared: findings.compared,
    differing: findings.differing.map(shown),
    days: testParts("day", tally.byDay),
    values: tally.byValue.flatMap((parts, i) => {
      const attribute = attributes[i] ?? "";
      return testParts("attribute", parts).map((it) => ({ ...it, attribute }));
    }),
    parts: wrongParts
      .filter((part) => !wrongParts.some((other) => isWithin(part, other)))
      .map(shown),
    pooled: tally.valueCounts.flatMap((values, i) =>
      values > MAX_VALUES ? [{ attribute: attributes[i] ?? "", values }] : [],
    ),
  };
}

/** A stratum, and how it is counted. */
interface CountedStratum extends JudgedStratum, CountedGroup {
  readonly tally: Tally;
  /** Why it cannot be tested; `null` if it can. */
  readonly problem: string | null;
}

/** Counts strata. Unknown variations are left out if they are rare in all strata together. */
function countedStrata(
  strata: readonly JudgedStratum[],
  counting: Counting,
  noVariation: string | null,
): readonly CountedStratum[] {
  const countedBy = (stratum: JudgedStratum, keyOf: CountedGroup["keyOf"]): CountedStratum => {
    const group = { ...stratum, keyOf };
    const tally = tallyOf([group], counting);
    return { ...group, tally, problem: problemOf(stratum.configured, tally.all, noVariation) };
  };
  const ofKnown = strata.map((stratum) => {
    const { configured } = stratum;
    return countedBy(stratum, (name) => knownKey(name, configured));
  });
  const unknown = ofKnown.reduce((sum, { tally }) => sum + totalOf(tally.unknown), 0);
  const subjects = strata.reduce((sum, { subjectCount }) => sum + subjectCount, 0);
  if (unknown <= MAX_UNKNOWN * subjects) return ofKnown;
  return strata.map((stratum) => countedBy(stratum, (name) => name));
}

function rowsPerSubject(strata: readonly CountedStratum[], subjects: Counts): Counts {
  const rows = new Map<string, number>();
  for (const { exposures, keyOf } of strata) {
    for (const [variation, n] of exposures ?? []) {
      const key = keyOf(variation);
      if (key !== null) rows.set(key, (rows.get(key) ?? 0) + n);
    }
  }
  return new Map([...subjects].map(([key, n]) => [key, (rows.get(key) ?? 0) / n]));
}

/** Why a stratum has no split to test; `null` if it has one. */
function problemOf(
  { problem, shares }: ConfiguredExperiment,
  counts: Counts,
  noVariation: string | null,
): string | null {
  if (problem !== null) return problem;
  if (shares === null || totalOf(shares) === 0) return "the configuration assigns no subjects";
  if (noVariation !== null && shares.has(noVariation) && !counts.has(noVariation)) {
    return `no event names the variation ${noVariation}, which is not sent if it is the default`;
  }
  return isOneVariation(shares, counts)
    ? "all subjects get the same variation, so there is no split to test"
    : null;
}

/** The periods of strata. Strata without a period are not part of one. */
function periodsOf(
  strata: readonly JudgedStratum[],
): readonly (ComparedPeriod & { readonly period: Period })[] {
  const periods = new Map<number, { period: Period; own: Set<number> }>();
  strata.forEach(({ period }, i) => {
    if (period === null) return;
    madeOnce(periods, period.fromMs, () => ({ period, own: new Set<number>() })).own.add(i);
  });
  return [...periods.values()].map(({ own, period }) => {
    const { fromMs, toMs } = period;
    const span = { fromMs, toMs: toMs ?? Number.POSITIVE_INFINITY };
    return { period, name: periodText(period), span, strata: own };
  });
}

/** Corrects the smallest p-value of the periods for their number, and this and the pooled p-value for being two. */
function pooledOverPeriods(pooled: SplitTest, periods: readonly PeriodVerdict[]): SplitTest {
  const pValues = periods.flatMap(({ pValue }) => pValue ?? []);
  if (pValues.length < 2) return pooled;
  const least = pValues.length * Math.min(...pValues);
  return { ...pooled, pValue: Math.min(1, 2 * Math.min(pooled.pValue, least)) };
}

/** What each period shows. Periods without a split to test are included. */
function periodVerdicts(
  counted: readonly CountedStratum[],
  judged: readonly CountedStratum[],
  split: Split,
  tally: Tally,
): readonly PeriodVerdict[] {
  return periodsOf(counted).map(({ period, strata }) => {
    const own = counted.filter((_, i) => strata.has(i));
    const tested = new Set(own.flatMap((it) => (judged.includes(it) ? [judged.indexOf(it)] : [])));
    if (own.some((it) => it.problem === null)) {
      const counts = split.within(tally.all, tested);
      const shown = { counts: split.observed(counts), shares: split.expected(counts) };
      return { period, ...shown, pValue: split.test(counts).pValue, problem: null };
    }
    const counts = together(own.map((it) => it.tally.all));
    const problem = own[0]?.problem ?? null;
    return { period, counts, shares: new Map(), pValue: null, problem };
  });
}

/**
 * The p-value if all subjects of each stratum get the variation with its smallest share, like that of an experiment: in the sum of
 * all strata, these deviations may cancel each other out.
 */
function leastPValue(split: Split, all: Counts): number {
  const rarest = [...split.totalsByStratum(all)].map(
    ([stratum, n]) => new Map([[split.rarestIn(stratum), n]]),
  );
  const own = rarest.map((counts) => split.test(counts).pValue);
  if (own.length < 2) return own[0] ?? 1;
  return 2 * Math.min(split.test(together(rarest)).pValue, own.length * Math.min(...own));
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
  split: Split,
): { readonly pValue: number; readonly since: string | null } {
  let until: Counts = new Map();
  let since: string | null = null;
  let lnLargest = split.lnEvidence(all);
  for (const [day, counts] of byDay) {
    until = together([until, counts]);
    const ln = split.lnEvidence(until);
    if (since === null && Math.exp(-ln) < LEVEL) since = day;
    lnLargest = Math.max(lnLargest, ln);
  }
  return { pValue: Math.min(1, Math.exp(-lnLargest)), since };
}
