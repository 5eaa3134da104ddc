import { describe, expect, it } from "vitest";
import { srmReport } from "../../src/srm/report.js";
import type { ExperimentVerdict } from "../../src/srm/verdict.js";
import { ndjson, run, tempFile } from "../run.js";
import { type CauseSimulation, judgedFaults, type Population } from "./causes.js";
import { experimentConfig } from "./simulated.js";

/** Number of experiments for each planted fault. */
const PLANTED = Number(process.env["SRM_PLANTED"] ?? 20);
/** Number of experiments that are split as configured. */
const CORRECT = Number(process.env["SRM_CORRECT"] ?? 100);

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

describe("parts with a mismatch", () => {
  it.each([
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
  ])("are said in at least 95% of the experiments: $what", ({ expected, what: _, ...planted }) => {
    for (const isAlwaysValid of [false, true]) {
      const found = experiments({ ...planted, seed: 7, isAlwaysValid }, PLANTED);
      const said = found.map(wordsOf).filter((words) => expected.test(words)).length;
      expect(said).toBeGreaterThanOrEqual(0.95 * PLANTED);
    }
  });

  it("are found in at most 2 of 1,000 experiments that are split as configured", () => {
    for (const isAlwaysValid of [false, true]) {
      const simulation = { fault: () => 0.5, subjects: 10_000, days: 28, population: COUNTRIES };
      const all = experiments({ ...simulation, seed: 11, isAlwaysValid }, CORRECT);
      const wrong = all.filter(({ parts }) => parts.length > 0).length;
      if (CORRECT > 1_000) console.log(`${wrong} of ${CORRECT} have a part with a mismatch`);
      expect(wrong).toBeLessThanOrEqual(Math.max(1, 0.002 * CORRECT));
    }
  });

  it("are weekends, and not one of four, if all four are off", () => {
    const fault = (_: readonly string[], day: number): number =>
      [0, 6].includes(day % 7) ? 0.56 : 0.5;
    const all = experiments({ fault, subjects: 40_000, days: 28, seed: 5 }, PLANTED);
    const said = all.filter((verdict) => {
      const { cause } = verdict;
      return cause === null
        ? /weekends/.test(wordsOf(verdict)) || verdict.differing.length > 0
        : cause.name === "weekends";
    });
    expect(said.length).toBeGreaterThanOrEqual(0.95 * PLANTED);
  });
});

describe("srm of an experiment with bots in one variation", () => {
  const config = tempFile("parts.json", JSON.stringify(experimentConfig(0.5)));
  const people = Array.from({ length: 25_000 }, (_, i) => ({
    browser: "chrome",
    isA: i % 2 === 0,
  }));
  const bots = Array.from({ length: 250 }, () => ({ browser: "bot", isA: true }));
  const rows = ndjson(
    [...people, ...bots].map(({ browser, isA }, i) => ({
      ...{ featureFlag: "checkout", allocation: "split", experiment: "checkout-split" },
      ...{ subject: `user-${i}`, variation: isA ? "a" : "b", timestamp: "2026-02-01T00:00:00Z" },
      subjectAttributes: { browser },
    })),
  );
  const args = ["srm", "-", "--config", config, "--by", "browser"];

  it("says it, with a warning and the exit code 0", async () => {
    const { exitCode, stderr, stdout } = await run(args, rows);
    const text = stdout.replaceAll(/\s+/g, " ");
    expect(exitCode).toBe(0);
    expect(text).toMatch(
      /no mismatch in all, but browser = bot: (?:0 of 250 got b|250 of 250 got a), p = [\d.]+e-7\d/,
    );
    expect(text).toContain("An attribute that the treatment changes shows up here, too");
    expect(stderr).toMatch(/^warning: checkout, split: no mismatch in all, but browser = bot: /m);
  });

  it("exits with 1 if --fail-on parts is given, and lists the part as JSON", async () => {
    const { exitCode, stderr, stdout } = await run([...args, "--fail-on", "parts", "--json"], rows);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: checkout, split: no mismatch in all, but browser = bot: /m);
    const { parts, verdict } = JSON.parse(stdout);
    expect(verdict).toBe("none");
    expect(parts).toEqual([
      expect.objectContaining({ kind: "attribute", name: "browser = bot", subjects: 250 }),
    ]);
  });

  it("rejects any other word for --fail-on", async () => {
    const { exitCode, stderr } = await run([...args, "--fail-on", "days"], rows);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--fail-on: expected parts, got "days"'),
    });
  });
});

describe("srm of a variation whose share is 0%", () => {
  const shares = experimentConfig(0.5) as { flags: { checkout: { variations: object } } };
  Object.assign(shares.flags.checkout.variations, { qa: { key: "qa", value: "qa" } });
  const config = tempFile("qa.json", JSON.stringify(shares));
  const rowsOf = (testers: number): string =>
    ndjson(
      Array.from({ length: 2_000 }, (_, i) => ({
        ...{ featureFlag: "checkout", allocation: "split", timestamp: "2026-02-01T00:00:00Z" },
        ...{ subject: `user-${i}`, variation: i < testers ? "qa" : i % 2 === 0 ? "a" : "b" },
      })),
    );

  it.each([
    { testers: 1, verdict: "none", code: 0, says: "left out: 1 subject with the variation qa" },
    { testers: 20, verdict: "none", code: 0, says: "left out: 20 subjects with the variation qa" },
    {
      testers: 40,
      verdict: "mismatch",
      code: 1,
      says: "checkout, split: qa has 40 subjects, although its share is 0%",
    },
  ])("is $verdict with $testers testers, whom it names", async (row) => {
    const { code, says, testers, verdict } = row;
    const args = ["srm", "-", "--config", config];
    const { exitCode, stdout } = await run(args, rowsOf(testers));
    expect(exitCode).toBe(code);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(says);
    const json = await run([...args, "--json"], rowsOf(testers));
    const line = JSON.parse(json.stdout);
    expect(line.verdict).toBe(verdict);
    if (verdict === "mismatch") expect(line.largest.variation).toBe("qa");
  });
});
