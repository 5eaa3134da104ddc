import { type Counts, totalOf } from "./counts.js";
import type { DifferingPart } from "./findings.js";
import type { Shares } from "./split-test.js";
import {
  type ExperimentVerdict,
  HIDDEN_BY_COUNTS,
  type PartTest,
  type PeriodVerdict,
} from "./verdict.js";

/** The `--json` output for an experiment. */
export function verdictJson(verdict: ExperimentVerdict): object {
  const { cause, certainSince, compared, counts, days, differing } = verdict;
  const { parts, pooled, shares, test, unknownVariations, values } = verdict;
  return {
    flag: verdict.flag,
    allocation: verdict.allocation,
    experiment: verdict.experiment,
    verdict: verdict.verdict,
    problem: verdict.problem,
    exposures: verdict.exposures,
    subjects: verdict.subjects,
    variations: variationsJson(counts, shares),
    pValue: test?.pValue ?? null,
    method: test?.method ?? null,
    effect: test?.effect ?? null,
    largest: test?.largest ?? null,
    lnBayesFactor: finiteOrNull(test?.lnBayesFactor ?? null),
    certainSince,
    cause,
    differing: differing.map(differingPart),
    parts: parts.map(differingPart),
    compared,
    notLookedFor: verdict.exposures === null ? HIDDEN_BY_COUNTS : [],
    periods: verdict.periods.map(periodJson),
    days: days.map(partReport),
    values: values.map((value) => ({ attribute: value.attribute, ...partReport(value) })),
    pooled,
    unknownVariations: [...unknownVariations].map(([key, n]) => ({ key, subjects: n })),
  };
}

function periodJson({ counts, pValue, period, problem, shares }: PeriodVerdict): object {
  const [from, to] = [period.fromMs, period.toMs].map((ms) => {
    return ms === null ? null : new Date(ms).toISOString();
  });
  const variations = variationsJson(counts, shares);
  return { from, to, subjects: totalOf(counts), variations, pValue, problem };
}

function variationsJson(counts: Counts, shares: Shares): readonly object[] {
  const names = [...new Set([...shares.keys(), ...counts.keys()])];
  return names.map((key) => ({
    key,
    subjects: counts.get(key) ?? 0,
    share: shares.size === 0 ? null : (shares.get(key) ?? 0),
  }));
}

function differingPart({ counts, kind, name, pValue }: DifferingPart): object {
  return { kind, name, ...splitOf(counts), pValue };
}

function partReport({ counts, name, pValue }: PartTest): object {
  return { name, ...splitOf(counts), pValue };
}

function splitOf(counts: Counts): object {
  return { subjects: totalOf(counts), counts: Object.fromEntries(counts) };
}

/** JSON has no infinity, which is the effect size if a variation with share 0 has subjects. */
function finiteOrNull(value: number | null): number | null {
  return value === null || Number.isFinite(value) ? value : null;
}
