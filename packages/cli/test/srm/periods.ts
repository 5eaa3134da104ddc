import { drawBinomial, type Random, seededRandom } from "@sortition/proof";
import {
  type ExperimentVerdict,
  type JudgedStratum,
  judgeExperiment,
} from "../../src/srm/verdict.js";

const DAY_MS = 86_400_000;
const START_MS = Date.parse("2026-02-01T00:00:00Z");
const PERIODS = 60;
const SUBJECTS = 400;

export interface PeriodSimulation {
  /** The share of `a` in period `n`, as configured. */
  readonly shareOf: (period: number) => number;
  /** The fraction of its subjects that `b` loses in period `n`. */
  readonly lossIn: (period: number) => number;
  readonly isAlwaysValid: boolean;
  readonly seed: number;
}

/** Yields verdicts without end, on experiments whose split changed on each of 60 days. */
export function* judgedPeriods(simulation: PeriodSimulation): Generator<ExperimentVerdict, void> {
  const random = seededRandom(simulation.seed);
  for (;;) {
    const strata = Array.from({ length: PERIODS }, (_, i) => stratumOf(i, simulation, random));
    const { isAlwaysValid } = simulation;
    const context = { publishedAtMs: null, attributes: [], isAlwaysValid, noVariation: null };
    yield judgeExperiment(strata, context);
  }
}

function stratumOf(
  period: number,
  { lossIn, shareOf }: PeriodSimulation,
  random: Random,
): JudgedStratum {
  const share = shareOf(period);
  const left = (1 - share) * (1 - lossIn(period));
  const a = drawBinomial(random, SUBJECTS, share / (share + left));
  const fromMs = START_MS + period * DAY_MS;
  const isPlain = { timeMs: fromMs, values: [], hasOtherVariation: false, isCopy: false };
  return {
    experiment: null,
    subjects: [
      { ...isPlain, variation: "a", count: a },
      { ...isPlain, variation: "b", count: SUBJECTS - a },
    ],
    subjectCount: SUBJECTS,
    exposures: null,
    configured: {
      ...{ flag: "checkout", allocation: "split", problem: null, variations: null, source: null },
      shares: new Map([
        ["a", share],
        ["b", 1 - share],
      ]),
    },
    period: { fromMs, toMs: fromMs + DAY_MS },
  };
}
