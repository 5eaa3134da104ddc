import { seededRandom } from "@sortition/proof";
import { isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, run } from "../run.js";
import { experimentConfig, type LoggedExposure, simulated } from "./simulated.js";

const config = (): string => jsonFile("flags.json", experimentConfig(0.5));

const MAP = "flag=flag,allocation=allocation,experiment=experiment,variation=variation,count=n";
const WITH_PARTS = `${MAP},time=day,attributes.plan=plan`;

interface CountRow {
  readonly flag: string;
  readonly allocation: string;
  readonly experiment: string;
  readonly variation: string;
  readonly day: string;
  readonly plan: string;
  n: number;
}

/** Groups first exposures like `GROUP BY` in SQL. */
function grouped(exposures: readonly LoggedExposure[]): readonly CountRow[] {
  const rows = new Map<string, CountRow>();
  for (const {
    allocation,
    experiment,
    featureFlag,
    subjectAttributes,
    timestamp,
    variation,
  } of exposures) {
    const [day, plan] = [timestamp.slice(0, 10), subjectAttributes["plan"] ?? ""];
    const key = `${variation} ${day} ${plan}`;
    const known = rows.get(key);
    if (known === undefined) {
      rows.set(key, { flag: featureFlag, allocation, experiment, variation, day, plan, n: 1 });
    } else known.n += 1;
  }
  return [...rows.values()];
}

async function judged(input: string, ...more: readonly string[]): Promise<object> {
  const { stderr, stdout } = await run(
    ["srm", "-", "--config", config(), "--json", ...more],
    input,
  );
  if (stdout === "") throw new Error(stderr);
  const { exposures: _, notLookedFor: __, ...rest } = JSON.parse(stdout);
  return rest;
}

describe("srm from counts", () => {
  it("gives the same numbers as srm from rows for 40 inputs", async () => {
    const random = seededRandom(54);
    const verdicts = new Set<unknown>();
    for (let i = 0; i < 40; i++) {
      const share = 0.5 + (i % 4 === 0 ? 0.2 * (random() - 0.5) : 0);
      const subjects = i % 20 === 7 ? 8 : 20 + Math.floor(random() * 1_500);
      const exposures = simulated({ random, share, subjects });
      // One plan loses most of one variation, which is a cause to find.
      const kept = exposures.filter(
        ({ subjectAttributes, variation }) =>
          i % 5 !== 0 || subjectAttributes["plan"] !== "pro" || variation === "a" || random() < 0.3,
      );
      if (!isInPart(i, 7)) continue;
      const ofRows = await judged(ndjson(kept), "--by", "plan");
      const rows = grouped(kept);
      const ofCounts = await judged(ndjson(rows), "--by", "plan", "--map", WITH_PARTS);
      expect(ofCounts).toEqual(ofRows);
      const { cause, verdict } = ofRows as { verdict: string; cause: { kind: string } | null };
      verdicts.add(verdict).add(cause?.kind);
    }
    expect([...verdicts]).toEqual(
      expect.arrayContaining(["mismatch", "none", "too-few", "attribute"]),
    );
  });

  const ROW = { flag: "checkout", allocation: "split", experiment: "checkout-split" };
  const TWO = [
    { ...ROW, variation: "a", n: 5_000 },
    { ...ROW, variation: "b", n: 5_050 },
  ];

  it("requires neither subjects nor times, and says what it cannot detect", async () => {
    const args = ["srm", "-", "--config", config(), "--map", MAP];
    const { exitCode, stderr, stdout } = await run([...args, "--json"], ndjson(TWO));
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      "the rows contain counts, so duplicates and subjects with two variations cannot be detected",
    );
    expect(JSON.parse(stdout)).toMatchObject({
      exposures: null,
      subjects: 10_050,
      verdict: "none",
      days: [],
      notLookedFor: ["duplicates", "two-variations"],
    });
  });

  it("adds the counts of repeated rows, and warns once", async () => {
    const args = ["srm", "-", "--config", config(), "--map", MAP, "--json"];
    const { stderr, stdout } = await run(args, ndjson([...TWO, ...TWO, ...TWO]));
    expect(JSON.parse(stdout).subjects).toBe(3 * 10_050);
    expect(stderr.match(/^warning: .*$/gm)).toEqual([
      "warning: 4 rows repeat an earlier one. Their counts are added",
    ]);
  });

  it("reads CSV", async () => {
    const csv =
      "flag,allocation,experiment,variation,n,day\ncheckout,split,,a,500,2026-02-01\ncheckout,split,,b,700,2026-02-01\n";
    const args = ["srm", "-", "--config", config(), "--map", `${MAP},time=day`, "--json"];
    const { exitCode, stdout } = await run(args, csv);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "mismatch", subjects: 1_200 });
  });

  it.each([-1, 1.5, "many", null])("names the row whose count is %s", async (n) => {
    const args = ["srm", "-", "--config", config(), "--map", MAP, "--json"];
    const { exitCode, stderr, stdout } = await run(args, ndjson([...TWO, { ...TWO[0], n }]));
    expect(exitCode).toBe(1);
    expect(stderr).toContain("line 3: count: expected a non-negative integer");
    expect(JSON.parse(stdout).subjects).toBe(10_050);
  });

  it.each([
    {
      args: ["replay"],
      problem: "--map: count is only for srm, because replay checks one exposure per row",
    },
    {
      args: ["srm", "--part", "1/2"],
      problem: "--part: rows with counts have no subjects to select",
    },
  ])("is rejected by $args", async ({ args: [command = "", ...more], problem }) => {
    const { exitCode, stderr } = await run(
      [command, "-", "--config", config(), "--map", MAP, ...more],
      ndjson(TWO),
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain(problem);
  });
});
