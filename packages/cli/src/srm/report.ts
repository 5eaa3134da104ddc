import { type ExperimentVerdict, HIDDEN_BY_COUNTS } from "./verdict.js";

/** What `--json` prints for an experiment. */
export function verdictReport(verdict: ExperimentVerdict): object {
  const { cause, certainSince, counts, days, shares, test, values } = verdict;
  const names = [...new Set([...shares.keys(), ...counts.keys()])];
  return {
    flag: verdict.flag,
    allocation: verdict.allocation,
    experiment: verdict.experiment,
    verdict: verdict.verdict,
    problem: verdict.problem,
    exposures: verdict.exposures,
    subjects: verdict.subjects,
    variations: names.map((key) => ({
      key,
      subjects: counts.get(key) ?? 0,
      share: shares.size === 0 ? null : (shares.get(key) ?? 0),
    })),
    pValue: test?.pValue ?? null,
    method: test?.method ?? null,
    effect: finiteOrNull(test?.effect ?? null),
    largest: test?.largest ?? null,
    lnBayesFactor: finiteOrNull(test?.lnBayesFactor ?? null),
    certainSince,
    cause,
    notLookedFor: verdict.exposures === null ? HIDDEN_BY_COUNTS : [],
    days,
    values,
  };
}

/** JSON has no infinity: a variation without a share has subjects. */
function finiteOrNull(value: number | null): number | null {
  return value === null || Number.isFinite(value) ? value : null;
}
