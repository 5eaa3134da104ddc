import { drawBinomial, drawMultinomial, type Random, seededRandom } from "@sortition/proof";
import type { FirstExposure } from "../../src/srm/first-exposures.js";
import { type ExperimentVerdict, judgeExperiment } from "../../src/srm/verdict.js";

/** A fault: the share of `a` among the subjects of a country whose first exposure is on a day from 0 to 59. */
export type Fault = (country: string, day: number) => number;

export interface CauseSimulation {
  readonly subjects: number;
  readonly fault: Fault;
  readonly seed: number;
}

const DAYS = 60;
const DAY_MS = 86_400_000;
const START_MS = Date.parse("2026-02-01T00:00:00Z");
const COUNTRIES = { SE: 0.7, DK: 0.3 };

/** Yields verdicts without end, on experiments of 60 days and two countries (70:30) that are configured as 50:50. */
export function* judgedFaults(simulation: CauseSimulation): Generator<ExperimentVerdict, void> {
  const random = seededRandom(simulation.seed);
  for (;;) yield judgedFault(simulation, random);
}

function judgedFault({ fault, subjects }: CauseSimulation, random: Random): ExperimentVerdict {
  const cells = Object.entries(COUNTRIES).flatMap(([country, share]) =>
    Array.from({ length: DAYS }, (_, day) => ({ country, day, share: share / DAYS })),
  );
  const sizes = drawMultinomial(
    random,
    subjects,
    cells.map(({ share }) => share),
  );
  const exposures = cells.flatMap(({ country, day }, i): FirstExposure[] => {
    const size = sizes[i] ?? 0;
    const a = drawBinomial(random, size, fault(country, day));
    const common = {
      timeMs: START_MS + day * DAY_MS,
      values: [country],
      hasOtherVariation: false,
      isCopy: false,
    };
    return [
      { ...common, variation: "a", count: a },
      { ...common, variation: "b", count: size - a },
    ];
  });
  const name = { flag: "checkout", allocation: "split", experiment: null };
  const shares = new Map([
    ["a", 0.5],
    ["b", 0.5],
  ]);
  return judgeExperiment(
    { ...name, subjects: exposures, subjectCount: subjects, exposures: subjects },
    {
      configured: { ...name, keyOf: (variation) => variation, shares, problem: null },
      publishedAtMs: null,
      attributes: ["country"],
    },
  );
}

/** The name of day `n` of an experiment in a verdict. */
export function dayName(n: number): string {
  return new Date(START_MS + n * DAY_MS).toISOString().slice(0, 10);
}
