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

/** Subjects with equal values whose first exposure is on the same day. */
interface SimulatedCell {
  readonly values: readonly string[];
  readonly timeMs: number;
  /** The share of the subjects that are in this cell. */
  readonly size: number;
  /** The share of `a` among them. */
  readonly share: number;
}

/** Yields verdicts without end, on experiments that are configured as 50:50. */
export function* judgedFaults(simulation: CauseSimulation): Generator<ExperimentVerdict, void> {
  const { days = DAYS, fault, population = SE_DK, seed } = simulation;
  const random = seededRandom(seed);
  const cells = population.groups.flatMap(({ share, values }) =>
    Array.from({ length: days }, (_, day): SimulatedCell => {
      const timeMs = START_MS + day * DAY_MS;
      return { values, timeMs, size: share / days, share: fault(values, day) };
    }),
  );
  for (;;) yield judgedFault(simulation, cells, random);
}

function judgedFault(
  { isAlwaysValid = false, population = SE_DK, subjects }: CauseSimulation,
  cells: readonly SimulatedCell[],
  random: Random,
): ExperimentVerdict {
  const sizes = drawMultinomial(
    random,
    subjects,
    cells.map(({ size }) => size),
  );
  const exposures: FirstExposure[] = [];
  const isPlain = { hasOtherVariation: false, isCopy: false };
  cells.forEach(({ share, timeMs, values }, i) => {
    const size = sizes[i] ?? 0;
    if (size === 0) return;
    const a = drawBinomial(random, size, share);
    exposures.push(
      { timeMs, values, ...isPlain, variation: "a", count: a },
      { timeMs, values, ...isPlain, variation: "b", count: size - a },
    );
  });
  const shares = new Map([
    ["a", 0.5],
    ["b", 0.5],
  ]);
  const configured = {
    ...{ flag: "checkout", allocation: "split", source: null },
    ...{ problem: null, shares, variations: null },
  };
  return judgeExperiment(
    [
      {
        ...{ experiment: null, subjects: exposures, subjectCount: subjects, exposures: null },
        ...{ configured, period: null },
      },
    ],
    {
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
