import { isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import type { ExperimentVerdict } from "../../src/srm/verdict.js";
import { jsonFile, ndjson, run } from "../run.js";
import { dayName, type Fault, judgedFaults, type Population } from "./causes.js";
import { experimentConfig } from "./simulated.js";

/** The number of mismatches to simulate for each fault. */
const MISMATCHES = Number(process.env["SRM_MISMATCHES"] ?? 5);

/** Simulates experiments with this fault until enough of them have a mismatch. */
function mismatches(
  fault: Fault,
  subjects: number,
  population?: Population,
): readonly ExperimentVerdict[] {
  const found: ExperimentVerdict[] = [];
  const simulation = { fault, subjects, seed: 1, ...(population && { population }) };
  for (const verdict of judgedFaults(simulation)) {
    if (verdict.verdict === "mismatch") found.push(verdict);
    if (found.length === MISMATCHES) break;
  }
  return found;
}

/** Numbers of subjects in different tests. */
const SIZES = [50_000, 100_000].slice(isWhole ? 0 : 1);

/** 14 countries of equal size. */
const FOURTEEN: Population = {
  attributes: ["country"],
  groups: Array.from({ length: 14 }, (_, i) => ({ values: [`c${i}`], share: 1 / 14 })),
};

/** Almost all subjects with Safari have iOS, and 95% of those with iOS have Safari. */
const IOS_AND_SAFARI: Population = {
  attributes: ["os", "browser"],
  groups: [
    { values: ["ios", "safari"], share: 0.285 },
    { values: ["ios", "chrome"], share: 0.015 },
    { values: ["mac", "safari"], share: 0.01 },
    { values: ["mac", "chrome"], share: 0.24 },
    { values: ["android", "chrome"], share: 0.45 },
  ],
};

function wrongIn(...countries: readonly string[]): Fault {
  return ([country = ""]) => (countries.includes(country) ? 0.56 : 0.5);
}

/** Counts the verdicts that name a cause. */
function named(verdicts: readonly ExperimentVerdict[], name?: string): number {
  const isNamed = ({ cause }: ExperimentVerdict): boolean =>
    cause !== null && (name === undefined || cause.name === name);
  const found = verdicts.filter(isNamed).length;
  if (MISMATCHES > 100) console.log(`${found} of ${verdicts.length} name ${name ?? "a cause"}`);
  return found;
}

describe("the cause of a mismatch", () => {
  it.each([...(isWhole ? [20_000] : []), ...SIZES])(
    "is not named if all of %i subjects are off by one point",
    { timeout: 600_000 },
    (subjects) => {
      const atMost = Math.max(1, 0.02 * MISMATCHES);
      expect(named(mismatches(() => 0.51, subjects))).toBeLessThanOrEqual(atMost);
    },
  );

  it.each([
    {
      what: "30% of the subjects are off by five points",
      fault: ([country]: readonly string[]) => (country === "DK" ? 0.55 : 0.5),
      name: "country = DK",
    },
    {
      what: "one day of 60 is split 80:20",
      fault: (_: readonly string[], day: number) => (day === 30 ? 0.8 : 0.5),
      name: dayName(30),
    },
  ])("is named if $what", { timeout: 600_000 }, ({ fault, name }) => {
    for (const subjects of MISMATCHES > 100 ? [20_000, 50_000, 100_000] : [100_000]) {
      const atLeast = Math.floor(0.95 * MISMATCHES);
      expect(named(mismatches(fault, subjects), name)).toBeGreaterThanOrEqual(atLeast);
    }
  });

  it("is a range of days if ten days of 60 are off", { timeout: 600_000 }, () => {
    const fault: Fault = (_, day) => (day >= 20 && day < 30 ? 0.6 : 0.5);
    const verdicts = mismatches(fault, 50_000);
    const right = verdicts.filter(({ cause, differing }) =>
      cause === null ? differing.length > 0 : cause.kind === "days",
    );
    expect(right.length).toBeGreaterThanOrEqual(0.95 * MISMATCHES);
  });

  it.each(SIZES)(
    "is the country that is off, of 14, with %i subjects",
    { timeout: 600_000 },
    (subjects) => {
      const verdicts = mismatches(wrongIn("c3"), subjects, FOURTEEN);
      expect(named(verdicts, "country = c3")).toBeGreaterThanOrEqual(0.95 * MISMATCHES);
    },
  );

  it.each(SIZES)(
    "is not one of two countries that are off, of 14, with %i subjects",
    { timeout: 600_000 },
    (subjects) => {
      const verdicts = mismatches(wrongIn("c3", "c7"), subjects, FOURTEEN);
      expect(named(verdicts)).toBeLessThanOrEqual(0.02 * MISMATCHES);
      const isListed = ({ differing }: ExperimentVerdict): boolean =>
        ["country = c3", "country = c7"].every((it) => differing.some(({ name }) => name === it));
      expect(verdicts.filter(isListed).length).toBeGreaterThanOrEqual(0.95 * MISMATCHES);
    },
  );

  it.each(SIZES)(
    "is the part that is off, and a smaller part that overlaps it is a rival, with %i subjects",
    { timeout: 600_000 },
    (subjects) => {
      const verdicts = mismatches(([os]) => (os === "ios" ? 0.55 : 0.5), subjects, IOS_AND_SAFARI);
      expect(named(verdicts, "os = ios")).toBeGreaterThanOrEqual(Math.floor(0.9 * MISMATCHES));
      const rivals = verdicts.filter(({ cause }) =>
        cause?.rivals.some(({ name }) => name === "browser = safari"),
      );
      if (MISMATCHES > 100) console.log(`${rivals.length} name browser = safari as a rival`);
      expect(rivals.length).toBeGreaterThanOrEqual(0.5 * MISMATCHES);
    },
  );

  it("is not a single part if two parts are off, and both are listed", () => {
    const isBadDay = (day: number): boolean => day === 10 || (day >= 40 && day < 43);
    const fault: Fault = (_, day) => (isBadDay(day) ? 0.8 : 0.5);
    for (const { cause, differing } of mismatches(fault, 400_000).slice(0, 5)) {
      expect(cause).toBe(null);
      const time = differing.filter(({ kind }) => kind !== "attribute");
      expect(time.map(({ name }) => name)).toEqual([
        dayName(10),
        `${dayName(40)} to ${dayName(42)}`,
      ]);
    }
  });
});

describe("srm of two countries with the same split", () => {
  const rows = [
    ["low", 17_850, "SE"],
    ["high", 17_150, "SE"],
    ["low", 7_650, "DK"],
    ["high", 7_350, "DK"],
  ].map(([variation, n, country]) => ({
    flag: "checkout",
    allocation: "split",
    experiment: "checkout-split",
    variation: variation === "low" ? "a" : "b",
    n,
    country,
  }));
  const map =
    "flag=flag,allocation=allocation,experiment=experiment,variation=variation,count=n,attributes.country=country";

  it("blames neither of them", async () => {
    const config = jsonFile("flags.json", experimentConfig(0.5));
    const args = ["srm", "-", "--config", config, "--map", map, "--by", "country"];
    const { stdout } = await run(args, ndjson(rows));
    expect(stdout).toContain("MISMATCH");
    expect(stdout).toContain("no tested part differs measurably from the rest");
    const json = await run([...args, "--json"], ndjson(rows));
    expect(JSON.parse(json.stdout)).toMatchObject({ cause: null, differing: [], compared: 2 });
  });

  it("lists both if they differ and neither alone explains the mismatch", async () => {
    const config = jsonFile("flags.json", experimentConfig(0.5));
    const args = ["srm", "-", "--config", config, "--map", map, "--by", "country"];
    const worse = rows.map((row) =>
      row.country === "DK" ? { ...row, n: row.variation === "a" ? 9_000 : 6_000 } : row,
    );
    const { stdout } = await run(args, ndjson(worse));
    expect(stdout).toContain("parts differ, but none alone explains the mismatch:");
    expect(stdout).toMatch(/^ {2}country = SE {2,}35,000 {2,}a 51%, b 49% {2,}\d/m);
    expect(stdout).toMatch(/^ {2}country = DK {2,}15,000 {2,}a 60%, b 40% {2,}\d/m);
  });

  it("says that there are no parts to compare without days and --by", async () => {
    const config = jsonFile("flags.json", experimentConfig(0.5));
    const { stdout } = await run(["srm", "-", "--config", config, "--map", map], ndjson(rows));
    expect(stdout).toContain(
      "there are no parts to compare; add --by to compare the values of attributes",
    );
  });
});
