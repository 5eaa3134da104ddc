import { drawBinomial, drawMultinomial, type Random, seededRandom } from "@sortition/proof";
import type { FirstExposure } from "../../src/srm/first-exposures.js";
import { type ExperimentVerdict, judgeExperiment } from "../../src/srm/verdict.js";

/** A fault: the share of `a` among the subjects with these values whose first exposure is on a day from 0 to 59. */
export type Fault = (values: readonly string[], day: number) => number;

/** Groups of subjects with equal values, and their shares. */
export interface Population {
  readonly attributes: readonly string[];
  readonly groups: readonly { readonly values: readonly string[]; readonly share: number }[];
}

export interface CauseSimulation {
  readonly subjects: number;
  readonly fault: Fault;
  readonly seed: number;
  readonly population?: Population;
  /** Default: 60. */
  readonly days?: number;
  readonly isAlwaysValid?: boolean;
}

const DAYS = 60;
const DAY_MS = 86_400_000;
const START_MS = Date.parse("2026-02-01T00:00:00Z");

/** Two countries. */
const SE_DK: Population = {
  attributes: ["country"],
  groups: [
    { values: ["SE"], share: 0.7 },
    { values: ["DK"], share: 0.3 },
  ],
};

/** Yields verdicts without end, on experiments that are configured as 50:50. */
export function* judgedFaults(simulation: CauseSimulation): Generator<ExperimentVerdict, void> {
  const random = seededRandom(simulation.seed);
  for (;;) yield judgedFault(simulation, random);
}

function judgedFault(
  { days = DAYS, fault, isAlwaysValid = false, population = SE_DK, subjects }: CauseSimulation,
  random: Random,
): ExperimentVerdict {
  const cells = population.groups.flatMap(({ share, values }) =>
    Array.from({ length: days }, (_, day) => ({ values, day, share: share / days })),
  );
  const sizes = drawMultinomial(
    random,
    subjects,
    cells.map(({ share }) => share),
  );
  const exposures = cells.flatMap(({ day, values }, i): FirstExposure[] => {
    const size = sizes[i] ?? 0;
    const a = drawBinomial(random, size, fault(values, day));
    const common = {
      timeMs: START_MS + day * DAY_MS,
      values,
      hasOtherVariation: false,
      isCopy: false,
    };
    return [
      { ...common, variation: "a", count: a },
      { ...common, variation: "b", count: size - a },
    ];
  });
  const name = { flag: "checkout", allocation: "split", experiment: null, problem: null };
  const shares = new Map([
    ["a", 0.5],
    ["b", 0.5],
  ]);
  return judgeExperiment(
    { ...name, period: 0, subjects: exposures, subjectCount: subjects, exposures: subjects },
    {
      configured: { ...name, keyOf: (variation) => variation, shares, variations: null },
      period: null,
      publishedAtMs: null,
      attributes: population.attributes,
      isAlwaysValid,
      noVariation: null,
    },
  );
}

/** The name of day `n` of an experiment in a verdict. */
export function dayName(n: number): string {
  return new Date(START_MS + n * DAY_MS).toISOString().slice(0, 10);
}
