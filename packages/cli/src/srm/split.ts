import { drawMultinomial, lnBayesFactor, seededRandom } from "@sortition/proof";
import { madeOnce } from "../made-once.js";
import { type Counts, totalOf } from "./counts.js";
import { differencePValue } from "./difference.js";
import { QuadraticForm } from "./quadratic-form.js";
import {
  CONCENTRATIONS,
  EXACT,
  lnEvidence,
  lnLikelihoodRatio,
  lnMean,
  MAX_PEARSON_P,
  MIN_EXPECTED,
  type Shares,
  type SplitTest,
  testSplit,
} from "./split-test.js";

/** The subjects of one or several strata that have the same shares. */
interface Stratum {
  readonly counts: Counts;
  /** Shares that add up to 1. */
  readonly shares: Shares;
  readonly shifted: ShiftedLogs;
}

/** For each variation and each of {@link SHIFTS}, the logarithm of what the shares add up to if its odds are shifted. */
type ShiftedLogs = ReadonlyMap<string, readonly number[]>;

/** Shifts of the log-odds of one variation, 1% to 256%, for the alternative that all periods lose the same fraction. */
const SHIFTS: readonly number[] = Array.from({ length: 17 }, (_, i) => 0.01 * 2 ** (i / 2)).flatMap(
  (shift) => [shift, -shift],
);

/**
 * The configured shares of an experiment, which may differ between strata, such as periods. Its methods take counts by
 * {@link keyOf}, and compare subjects only with the shares of their own stratum.
 */
export class Split {
  /** The names of all variations with a configured share. */
  readonly variations: readonly string[];
  readonly #strata: readonly Shares[];
  /** For each stratum, the first one with the same shares. */
  readonly #alike: readonly number[];
  readonly #shifted = new Map<number, ShiftedLogs>();
  /** The stratum and the variation of each key. */
  readonly #places = new Map<string, { readonly stratum: number; readonly variation: string }>();

  /** @param strata - shares in any unit; at least one stratum, each with a share above 0. */
  constructor(strata: readonly Shares[]) {
    this.#strata = strata.map((shares) => {
      const sum = totalOf(shares);
      return new Map(sum === 0 ? [] : [...shares].map(([key, share]) => [key, share / sum]));
    });
    this.variations = [...new Set(this.#strata.flatMap((shares) => [...shares.keys()]))];
    const texts = this.#strata.map((shares) => JSON.stringify([...shares].sort()));
    this.#alike = texts.map((text) => texts.indexOf(text));
  }

  /** The key by which to count a variation in a stratum, which is its name if there is one stratum. */
  keyOf(stratum: number, variation: string): string {
    const key = this.#strata.length === 1 ? variation : `${stratum}\0${variation}`;
    if (!this.#places.has(key)) this.#places.set(key, { stratum, variation });
    return key;
  }

  /** The stratum of a key. */
  stratumOf(key: string): number {
    return this.#places.get(key)?.stratum ?? 0;
  }

  /** The configured share of a key in its stratum. */
  shareOf(key: string): number {
    const variation = this.#places.get(key)?.variation ?? key;
    return this.#strata[this.stratumOf(key)]?.get(variation) ?? 0;
  }

  /** The key of the variation with the smallest share in a stratum. */
  rarestIn(stratum: number): string {
    const given = [...(this.#strata[stratum] ?? [])].filter(([, share]) => share > 0);
    const [least] = given.sort(([, a], [, b]) => a - b);
    return this.keyOf(stratum, least?.[0] ?? "");
  }

  /** Number of subjects in each stratum. */
  totalsByStratum(counts: Counts): ReadonlyMap<number, number> {
    const totals = new Map<number, number>();
    for (const [key, count] of counts) {
      const stratum = this.stratumOf(key);
      totals.set(stratum, (totals.get(stratum) ?? 0) + count);
    }
    return totals;
  }

  /** The counts of some strata only. */
  within(counts: Counts, strata: ReadonlySet<number>): Counts {
    return new Map([...counts].filter(([key]) => strata.has(this.stratumOf(key))));
  }

  /** Number of subjects by variation. */
  observed(counts: Counts): Counts {
    if (this.#strata.length === 1) return counts;
    const sums = new Map(this.variations.map((name) => [name, 0]));
    for (const [key, count] of counts) {
      const variation = this.#places.get(key)?.variation ?? key;
      sums.set(variation, (sums.get(variation) ?? 0) + count);
    }
    return sums;
  }

  /** The configured shares, averaged over the strata of these subjects. */
  expected(counts: Counts): Shares {
    const tables = this.#tablesOf(counts);
    const [first] = tables;
    if (first === undefined) return this.#strata[0] ?? new Map();
    if (tables.length === 1) return first.shares;
    const total = totalOf(counts);
    const share = (name: string): number =>
      tables.reduce((sum, it) => sum + totalOf(it.counts) * (it.shares.get(name) ?? 0), 0) / total;
    return new Map(this.variations.map((name) => [name, share(name)]));
  }

  /** Tests whether subjects are split as configured. If the strata differ, their deviations are added up. */
  test(counts: Counts): SplitTest {
    const tables = this.#tablesOf(counts);
    const [first] = tables;
    if (first === undefined) return testSplit(counts, this.#strata[0] ?? new Map());
    return tables.length === 1
      ? testSplit(first.counts, first.shares)
      : { ...pooledTest(tables), lnBayesFactor: this.lnEvidence(counts) };
  }

  /**
   * The logarithm of the Bayes factor of "not split as configured". If the strata differ, it is the mean of two: each stratum
   * deviates in its own way (the product of their factors), and one variation loses the same fraction in all strata.
   */
  lnEvidence(counts: Counts): number {
    const tables = this.#tablesOf(counts);
    const [first] = tables;
    if (first === undefined) return 0;
    if (tables.length === 1) return lnEvidence(first.counts, first.shares);
    return lnMean([lnProduct(tables), lnOfCommonLoss(tables)]);
  }

  /** Logarithm of how much more likely the counts are under their own shares than under the configured ones. */
  lnLikelihoodRatio(counts: Counts): number {
    return this.#tablesOf(counts).reduce(
      (sum, it) => sum + lnLikelihoodRatio(it.counts, it.shares),
      0,
    );
  }

  /** The p-value of "both groups are split alike", in each stratum and regardless of the configured shares. */
  differencePValue(group: Counts, others: Counts): number {
    if (this.#strata.length === 1) return differencePValue(group, others);
    const names = this.variations;
    const form = new QuadraticForm(names.length);
    for (const stratum of this.#strata.keys()) {
      const [own, rest] = [group, others].map((it) =>
        names.map((name) => it.get(this.keyOf(stratum, name)) ?? 0),
      ) as [number[], number[]];
      addHypergeometric(form, own, rest);
    }
    return form.pValue;
  }

  /** The strata with subjects. Those with equal shares are one. */
  #tablesOf(counts: Counts): readonly Stratum[] {
    if (this.#strata.length === 1) return [{ counts, ...this.#sharesOf(0) }];
    const tables = new Map<number, Stratum & { readonly counts: Map<string, number> }>();
    for (const [key, count] of counts) {
      if (count === 0) continue;
      const { stratum, variation } = this.#places.get(key) ?? { stratum: 0, variation: key };
      const first = this.#alike[stratum] ?? stratum;
      const table = tables.get(first) ?? { counts: new Map(), ...this.#sharesOf(first) };
      tables.set(first, table);
      table.counts.set(variation, (table.counts.get(variation) ?? 0) + count);
    }
    return [...tables.values()];
  }

  #sharesOf(stratum: number): Omit<Stratum, "counts"> {
    const shares = this.#strata[stratum] ?? new Map<string, number>();
    const logsOf = (share: number) => SHIFTS.map((it) => Math.log1p(share * Math.expm1(it)));
    const shifted = madeOnce(this.#shifted, stratum, () => {
      return new Map([...shares].map(([name, share]) => [name, logsOf(share)]));
    });
    return { shares, shifted };
  }
}

function namesOf(tables: readonly Stratum[]): readonly string[] {
  return [...new Set(tables.flatMap((it) => [...it.shares.keys(), ...it.counts.keys()]))];
}

/** Compares the sum of observed minus expected counts with the sum of their covariances. */
function pooledTest(tables: readonly Stratum[]): Omit<SplitTest, "lnBayesFactor"> {
  const names = namesOf(tables);
  const total = tables.reduce((sum, { counts }) => sum + totalOf(counts), 0);
  const form = new QuadraticForm(names.length);
  const expected = names.map(() => 0);
  let isImpossible = false;
  for (const { counts, shares } of tables) {
    const subjects = totalOf(counts);
    const given = names.map((name) => shares.get(name) ?? 0);
    names.forEach((name, i) => {
      const count = counts.get(name) ?? 0;
      if (count > 0 && given[i] === 0) isImpossible = true;
      expected[i] = (expected[i] ?? 0) + subjects * (given[i] ?? 0);
      form.add(i, count - subjects * (given[i] ?? 0));
    });
    form.addMultinomial(subjects, given);
  }
  const hasShare = (i: number): boolean => (expected[i] ?? 0) > 0;
  let largest = { variation: "", difference: 0 };
  names.forEach((variation, i) => {
    if (isImpossible && hasShare(i) && !isUnshared(tables, variation)) return;
    const difference = form.difference(i) / total;
    if (Math.abs(difference) > Math.abs(largest.difference)) largest = { variation, difference };
  });
  const common = { effect: isImpossible ? null : Math.sqrt(form.statistic / total), largest };
  if (isImpossible) return { ...common, pValue: 0, method: "chi-square" };
  const { pValue } = form;
  const least = Math.min(...expected.filter((it) => it > 0));
  if (least >= MIN_EXPECTED || pValue >= MAX_PEARSON_P) {
    return { ...common, pValue, method: "chi-square" };
  }
  return { ...common, pValue: drawnPValue(tables, names, form), method: "drawn" };
}

/** Whether a variation has subjects in a stratum that gives it to nobody. */
function isUnshared(tables: readonly Stratum[], variation: string): boolean {
  return tables.some(
    ({ counts, shares }) => (counts.get(variation) ?? 0) > 0 && (shares.get(variation) ?? 0) === 0,
  );
}

/** Maximum number of binomial numbers to draw. */
const MAX_BINOMIALS = 20_000_000;

/** The fraction of drawn results that deviate at least as much. */
function drawnPValue(
  tables: readonly Stratum[],
  names: readonly string[],
  form: QuadraticForm,
): number {
  const random = seededRandom(EXACT.seed);
  const { statistic } = form;
  const draws = Math.min(EXACT.draws, Math.ceil(MAX_BINOMIALS / (tables.length * names.length)));
  const strata = tables.map(({ counts, shares }) => {
    const given = names.map((name) => shares.get(name) ?? 0);
    return { given, subjects: totalOf(counts) };
  });
  const tie = 1e-9 * (1 + statistic);
  let extreme = 1;
  for (let draw = 0; draw < draws; draw++) {
    const difference = names.map(() => 0);
    for (const { given, subjects } of strata) {
      drawMultinomial(random, subjects, given).forEach((count, i) => {
        difference[i] = (difference[i] ?? 0) + count - subjects * (given[i] ?? 0);
      });
    }
    if (form.statisticOf(difference) >= statistic - tie) extreme += 1;
  }
  return extreme / (draws + 1);
}

/** Adds how much one of two groups deviates from both together, given the number of subjects with each variation. */
function addHypergeometric(
  form: QuadraticForm,
  own: readonly number[],
  rest: readonly number[],
): void {
  const [n, m] = [own, rest].map((counts) => counts.reduce((sum, it) => sum + it, 0)) as [
    number,
    number,
  ];
  if (n === 0 || m === 0) return;
  const pooled = own.map((count, i) => (count + (rest[i] ?? 0)) / (n + m));
  own.forEach((count, i) => {
    form.add(i, count - n * (pooled[i] ?? 0));
  });
  form.addMultinomial((n * m) / (n + m - 1), pooled);
}

/** The product of the Bayes factors of all strata, averaged over the concentrations. */
function lnProduct(tables: readonly Stratum[]): number {
  const ofConcentration = (concentration: number): number =>
    tables.reduce((sum, { counts, shares }) => {
      const names = [...new Set([...shares.keys(), ...counts.keys()])];
      const observed = names.map((name) => counts.get(name) ?? 0);
      const given = names.map((name) => shares.get(name) ?? 0);
      return sum + lnBayesFactor(observed, given, { concentrations: [concentration] });
    }, 0);
  return lnMean(CONCENTRATIONS.map(ofConcentration));
}

/** The likelihood ratio of "the odds of one variation are shifted in all strata", averaged over variations and shifts. */
function lnOfCommonLoss(tables: readonly Stratum[]): number {
  const ratios = namesOf(tables).flatMap((name) => {
    const own = tables.reduce((sum, { counts }) => sum + (counts.get(name) ?? 0), 0);
    const logs = SHIFTS.map((shift) => shift * own);
    for (const { counts, shifted } of tables) {
      const subjects = totalOf(counts);
      shifted.get(name)?.forEach((log, i) => {
        logs[i] = (logs[i] ?? 0) - subjects * log;
      });
    }
    return logs;
  });
  return lnMean(ratios);
}
