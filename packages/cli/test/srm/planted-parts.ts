import { ifWhole, isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { srmReport } from "../../src/srm/report.js";
import type { ExperimentVerdict } from "../../src/srm/verdict.js";
import { type CauseSimulation, judgedFaults, type Population } from "./causes.js";
import { judgedPeriods, type PeriodSimulation } from "./periods.js";

function experiments(simulation: CauseSimulation, count: number): readonly ExperimentVerdict[] {
  const found: ExperimentVerdict[] = [];
  for (const verdict of judgedFaults(simulation)) {
    found.push(verdict);
    if (found.length === count) break;
  }
  return found;
}

/** The sentences about an experiment. */
function wordsOf(verdict: ExperimentVerdict): string {
  const options = { isAlwaysValid: false, isDaily: false, failsOnParts: false };
  const { sections } = srmReport([verdict], options);
  return sections()
    .flatMap(({ notes = [] }) => notes)
    .join("\n")
    .replaceAll("\u00a0", " ");
}

const browsers = (bots: number): Population => ({
  attributes: ["browser"],
  groups: [
    { values: ["bot"], share: bots },
    { values: ["chrome"], share: 0.6 * (1 - bots) },
    { values: ["safari"], share: 0.4 * (1 - bots) },
  ],
});

/** Many countries, most of them small. */
const COUNTRIES: Population = {
  attributes: ["country"],
  groups: Array.from({ length: 195 }, (_, i) => ({
    values: [`c${i}`],
    share: i < 20 ? 0.04 : 0.2 / 175,
  })),
};

/** Simulates `count` experiments for each planted fault. */
export function describePlantedParts(count: number): void {
  describe("parts with a mismatch", () => {
    const faults = [
      {
        what: "250 bots of 25,250 subjects, all in one variation",
        ...{ subjects: 25_250, population: browsers(250 / 25_250), expected: /browser = bot/ },
        fault: ([browser]: readonly string[]) => (browser === "bot" ? 0 : 0.5),
      },
      {
        what: "two countries that lose opposite variations",
        ...{
          subjects: 40_000,
          population: COUNTRIES,
          expected: /country = c3[\s\S]*country = c7|country = c7[\s\S]*country = c3/,
        },
        fault: ([country]: readonly string[]) =>
          country === "c3" ? 0.6 : country === "c7" ? 0.4 : 0.5,
      },
      {
        what: "175 rare countries, together",
        ...{ subjects: 40_000, population: COUNTRIES, expected: /country = \(others\)/ },
        fault: ([country = ""]: readonly string[]) => (Number(country.slice(1)) >= 60 ? 0.56 : 0.5),
      },
      {
        what: "one day of 60",
        ...{ subjects: 60_000, population: browsers(0.01), expected: /2026-03-03/ },
        fault: (_: readonly string[], day: number) => (day === 30 ? 0.65 : 0.5),
      },
    ];
    const cases = faults.flatMap((fault, i) =>
      [false, true]
        .filter((_, j) => isWhole || j === i % 2)
        .map((isAlwaysValid) => ({ ...fault, isAlwaysValid })),
    );
    it.each(cases)(
      "are said in at least 95% of the experiments: $what, always-valid: $isAlwaysValid",
      ({ expected, what: _, ...planted }) => {
        const found = experiments({ ...planted, seed: 7 }, count);
        const said = found.map(wordsOf).filter((words) => expected.test(words)).length;
        expect(said).toBeGreaterThanOrEqual(0.95 * count);
      },
    );

    // The weekend differs between countries. The first day is a Sunday.
    const days = [
      { days: [0, 6], share: 0.56, expected: "Saturdays and Sundays" },
      { days: [5, 6], share: 0.56, expected: "Fridays and Saturdays" },
      { days: [5, 6], share: 0.53, expected: "Fridays and Saturdays" },
      { days: [0, 1], share: 0.53, expected: "Sundays and Mondays" },
      { days: [3], share: 0.56, expected: "Wednesdays" },
      { days: [6], share: 0.56, expected: "Saturdays" },
    ];
    // Of a few experiments, hardly any has a mismatch with the smaller share.
    it.each(
      days.filter(({ share }, i) => count >= 100 || (share === 0.56 && (isWhole || i % 4 === 1))),
    )("are $expected, with a share of $share", ({ days, expected, share }) => {
      const fault = (_: readonly string[], day: number) => (days.includes(day % 7) ? share : 0.5);
      const all = experiments({ fault, subjects: 40_000, days: 28, seed: 5 }, 4 * count);
      const causes = all
        .filter(({ verdict }) => verdict === "mismatch")
        .slice(0, count)
        .flatMap(({ cause }) => cause ?? []);
      const said = causes.filter(({ name }) => name === expected);
      expect(said.length).toBeGreaterThanOrEqual(0.9 * count);
      const blamed = causes.filter(({ kind, name }) => kind === "weekday" && name !== expected);
      expect(blamed.length).toBeLessThanOrEqual(Math.max(1, 0.02 * count));
    });
  });
}

/** The shares of a bandit, which change every day. */
const BANDIT: Pick<PeriodSimulation, "shareOf"> = {
  shareOf: (period) => 0.5 + 0.45 * Math.sin(period),
};

/** Simulates `count` experiments for each kind of 60 periods. */
export function describePeriods(count: number): void {
  const first = (simulation: PeriodSimulation): readonly ExperimentVerdict[] => {
    const found: ExperimentVerdict[] = [];
    for (const verdict of judgedPeriods(simulation)) {
      found.push(verdict);
      if (found.length === count) break;
    }
    return found;
  };

  describe.each([{ isAlwaysValid: false }, { isAlwaysValid: true }])(
    "60 periods of a bandit, always-valid: $isAlwaysValid",
    ({ isAlwaysValid }) => {
      const common = { ...BANDIT, isAlwaysValid, seed: 9 };
      const ofEither = isAlwaysValid ? ifWhole(it) : it;

      it("are a mismatch if each loses 10% of a variation, although few show it alone", () => {
        const verdicts = first({ ...common, lossIn: () => 0.1 });
        const said = verdicts.filter((it) =>
          /b is [\d.]+ points below|a is [\d.]+ points above/.test(wordsOf(it)),
        );
        expect(said.length).toBeGreaterThanOrEqual(0.95 * count);
        const alone = verdicts.filter(({ periods }) =>
          periods.some(({ pValue }) => (pValue ?? 1) < 0.001),
        );
        expect(alone.length).toBeLessThanOrEqual(0.1 * count);
      });

      ofEither("name the only one that is off", () => {
        const lossIn = (period: number): number => (period === 31 ? 0.7 : 0);
        const verdicts = first({ ...common, lossIn });
        const said = verdicts.filter((it) => /2026-03-04/.test(wordsOf(it)));
        expect(said.length).toBeGreaterThanOrEqual(0.95 * count);
      });

      ofEither("are no mismatch if they are split as configured", () => {
        const verdicts = first({ ...common, lossIn: () => 0 });
        const wrong = verdicts.filter((it) => it.verdict === "mismatch" || it.parts.length > 0);
        expect(wrong.length).toBeLessThanOrEqual(Math.floor(0.005 * count));
      });
    },
  );
}

/** The parts of this number of experiments that are split as configured. */
export function describeCorrectParts(correct: number): void {
  describe.each([{ isAlwaysValid: false }, { isAlwaysValid: true }])(
    "parts of experiments that are split as configured, always-valid: $isAlwaysValid",
    ({ isAlwaysValid }) => {
      it("have a mismatch at most 2 times in 1,000", () => {
        const simulation = { fault: () => 0.5, subjects: 10_000, days: 28, population: COUNTRIES };
        let wrong = 0;
        let judged = 0;
        for (const { parts } of judgedFaults({ ...simulation, seed: 3, isAlwaysValid })) {
          if (parts.length > 0) wrong += 1;
          judged += 1;
          if (judged === correct) break;
        }
        console.log(`${wrong} of ${correct} correct experiments have a part with a mismatch`);
        expect(wrong).toBeLessThanOrEqual(0.002 * correct);
      });
    },
  );
}
