import { gzipSync } from "node:zlib";
import { seededRandom } from "@sortition/proof";
import { ifWhole, isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, type Run, run, tempFile } from "../run.js";
import { experimentConfig, type LoggedExposure, simulated } from "./simulated.js";

const EVEN = experimentConfig(0.5);

interface Verdict {
  readonly verdict: string;
  readonly subjects: number;
  readonly pValue: number;
  readonly certainSince: string | null;
  readonly cause: { readonly kind: string; readonly name: string } | null;
}

async function judge(
  events: readonly object[],
  config: object = EVEN,
  more: readonly string[] = ["--by", "plan"],
): Promise<{ exitCode: number | null; verdict: Verdict; stderr: string }> {
  const args = ["srm", tempFile("events.ndjson", ndjson(events)), "--json", ...more];
  const configPath = jsonFile("flags.json", config);
  const { exitCode, stderr, stdout } = await run([...args, "--config", configPath]);
  return { exitCode, stderr, verdict: JSON.parse(stdout.split("\n")[0] ?? "") };
}

/** Runs the command with text as its output. */
async function report(
  events: readonly object[],
  config: object = EVEN,
  more: readonly string[] = [],
): Promise<Run> {
  const args = ["srm", "-", "--config", jsonFile("flags.json", config), ...more];
  return await run(args, ndjson(events));
}

function draw(share: number, subjects = 4_000, seed = 7): LoggedExposure[] {
  return simulated({ share, subjects, random: seededRandom(seed) });
}

/** Changes the variation of every second exposure that a fault affects to `a`. */
function planted(
  isHit: (event: LoggedExposure) => boolean,
  events: readonly LoggedExposure[] = draw(0.5),
): LoggedExposure[] {
  return events.map((event, i) => {
    return isHit(event) && i % 2 === 0 ? { ...event, variation: "a" } : event;
  });
}

describe("sortition srm", () => {
  it("finds no mismatch when the split is as configured", async () => {
    const { exitCode, verdict } = await judge(draw(0.5));
    expect(exitCode).toBe(0);
    expect(verdict).toMatchObject({ verdict: "none", subjects: 4_000, cause: null });
  });

  it("accepts uneven configured shares, and reports wrong ones as a mismatch", async () => {
    const events = draw(0.95);
    expect(await judge(events, experimentConfig(0.95))).toMatchObject({ exitCode: 0 });
    const { exitCode, verdict } = await judge(events, experimentConfig(0.9));
    expect(exitCode).toBe(1);
    expect(verdict).toMatchObject({ verdict: "mismatch", certainSince: expect.any(String) });
  });

  it("counts a subject once, by its first exposure, in any order of the rows", async () => {
    const events = draw(0.5, 200);
    const later = events.map((event) => ({
      ...event,
      variation: "a",
      timestamp: "2026-03-01T00:00:00Z",
    }));
    const { verdict } = await judge([...later, ...events, ...events]);
    const { verdict: once } = await judge(events);
    expect(verdict).toMatchObject({ subjects: 200, pValue: once.pValue, verdict: "none" });
  });

  it.each([
    { selector: ["user_properties", "company"], attributes: (company: number) => ({ company }) },
    {
      selector: ["user_properties", "company"],
      attributes: (company: number) => ({ user_properties: { company } }),
    },
    { selector: ["device_id"], attributes: (device: number) => ({ device_id: `d${device}` }) },
  ])("counts the values of $selector that Amplitude hashes", async ({ attributes, selector }) => {
    const half = 21_474_836;
    const distributions = [
      { variant: "a", range: [0, half] },
      { variant: "b", range: [half, 2 * half + 1] },
    ];
    const allocations = [{ range: [0, 100], distributions }];
    const bucket = { selector: ["context", "user", ...selector], salt: "s", allocations };
    const segments = [{ metadata: { segmentName: "split" }, bucket }];
    const variants = { a: { key: "a" }, b: { key: "b" } };
    const events = Array.from({ length: 800 }, (_, i) => ({
      featureFlag: "prices",
      allocation: "split",
      variation: i % 2 === 0 ? "a" : "b",
      subject: `user-${i}`,
      subjectAttributes: attributes(i % 400),
      timestamp: "2026-02-01T00:00:00Z",
    }));
    const config = [{ key: "prices", variants, segments }];
    expect((await judge(events, config, [])).verdict).toMatchObject({ subjects: 400 });
  });

  it("does not test allocations that have the same name and different shares", async () => {
    const [config, other] = [EVEN, experimentConfig(0.9)].map((it) => structuredClone(it)) as {
      flags: Record<string, { allocations: object[] }>;
    }[];
    for (const [key, { allocations }] of Object.entries(other?.flags ?? {})) {
      config?.flags[key]?.allocations.push(...allocations);
    }
    const { verdict } = await judge(draw(0.5, 400), config);
    expect(verdict).toMatchObject({
      verdict: "unknown",
      problem: expect.stringMatching("^several allocations are named "),
    });
  });

  it.each([5, 500])(
    "has nothing to test when all of %i subjects get the same variation",
    async (count) => {
      const problem = "all subjects get the same variation, so there is no split to test";
      for (const [code, ...more] of [[2], [0, "--allow-empty"]] as const) {
        const { exitCode, verdict } = await judge(draw(1, count), experimentConfig(1), more);
        expect({ exitCode, ...verdict }).toMatchObject({
          ...{ exitCode: code, verdict: "unknown", problem, pValue: null },
        });
      }
    },
  );

  it("finds a mismatch when a subject got a variation with the share 0", async () => {
    const { exitCode, verdict } = await judge(draw(0.9, 500), experimentConfig(1));
    expect({ exitCode, ...verdict }).toMatchObject({ exitCode: 1, verdict: "mismatch", pValue: 0 });
  });

  it.each([
    { odd: 1, verdict: "none", because: "a single row is left out and named" },
    { odd: 50, verdict: "mismatch", because: "so many rows are not a slip" },
  ])(
    "is $verdict with $odd of 1,000 subjects in an unknown variation, because $because",
    async ({ odd, verdict }) => {
      const events = draw(0.5, 1_000).map((it, i) => (i < odd ? { ...it, variation: "c" } : it));
      expect(await judge(events)).toMatchObject({
        verdict: {
          verdict,
          unknownVariations: verdict === "none" ? [{ key: "c", subjects: odd }] : [],
        },
      });
      const { stdout } = await report(events);
      if (verdict === "none") expect(stdout).toContain("left out: 1 subject with the variation c");
      else expect(stdout).toContain("p < 1e-300");
    },
  );

  it("says which attributes have rare values that are tested together", async () => {
    const events = draw(0.5, 500).map((it, i) => ({ ...it, subjectAttributes: { age: i % 61 } }));
    const { stdout } = await report(events, EVEN, ["--by", "age"]);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "age has 61 values; all but the 49 most frequent are tested together",
    );
  });

  ifWhole(it)(
    "compares rows per subject if a table is sampled by row and one variation logs twice as often",
    async () => {
      const random = seededRandom(3);
      const rows = draw(0.5, 20_000).flatMap((it) => {
        const length = it.variation === "a" ? 10 : 5;
        return Array.from({ length }, (_, i) => ({ ...it, messageId: `${it.subject} ${i}` }));
      });
      const textOf = async (input: readonly object[]) =>
        (await report(input)).stdout.replaceAll(/\s+/g, " ");
      expect(await textOf(rows.filter(() => random() < 0.1))).toMatch(
        /MISMATCH.* subjects with a have 1\.5\d rows on average, and those with b 1\.2\d\. If the table is a sample of rows, sample subjects instead/,
      );
      // All rows are right, and a loss of subjects is no sample.
      expect(await textOf(rows)).not.toContain("rows on average");
      const lost = rows.filter(({ messageId, subject, variation }) => {
        return /[0-4]$/.test(messageId) && (variation === "a" || !/[05]$/.test(subject));
      });
      expect(await textOf(lost)).toMatch(/MISMATCH(?!.*rows on average)/);
    },
  );

  it("tests any number of subjects that can show a mismatch", async () => {
    const verdictOf = async (share: number, subjects: number) => {
      const events = draw(share, subjects);
      const { exitCode, stderr, stdout } = await report(events, EVEN, ["--json"]);
      const { exitCode: allowed } = await report(events, EVEN, ["--allow-empty"]);
      return { exitCode, allowed, stderr, ...JSON.parse(stdout) };
    };
    expect(await verdictOf(1, 10)).toMatchObject({
      ...{ exitCode: 2, allowed: 0, verdict: "too-few", pValue: null },
      stderr: expect.stringMatching(
        /^error: no experiment could be tested: 10 subjects are too few .*add --allow-empty$/m,
      ),
      problem: "10 subjects are too few to detect any mismatch: pass the exposures of more days",
    });
    const mismatch = await verdictOf(1, 11);
    expect(mismatch).toMatchObject({ exitCode: 1, verdict: "mismatch", method: "exact" });
    expect(mismatch.pValue).toBeCloseTo(2 * 0.5 ** 11, 12);
    expect(await verdictOf(0.5, 40)).toMatchObject({
      exitCode: 0,
      verdict: "none",
      method: "exact",
    });
  });

  it.each([
    { of: "correct", share: 0.5, subjects: 300, exitCode: 0, verdict: "none" },
    { of: "few but all wrong", share: 1, subjects: 20, exitCode: 1, verdict: "mismatch" },
    { of: "300 of 300 wrong", share: 1, subjects: 300, exitCode: 1, verdict: "mismatch" },
  ])("lets the always-valid test decide with --always-valid: $of", async (it) => {
    const events = draw(it.share, it.subjects);
    const { exitCode, verdict } = await judge(events, EVEN, ["--always-valid"]);
    expect({ exitCode, ...verdict }).toMatchObject({
      ...{ exitCode: it.exitCode, verdict: it.verdict, method: "always-valid" },
      certainSince: it.exitCode === 0 ? null : expect.stringContaining("2026-02-"),
    });
    if (it.exitCode === 1) expect(verdict.pValue).toBeLessThan(0.001);
  });

  it("keeps a mismatch of the always-valid test that later days would hide", async () => {
    const wrong = { flag: "checkout", allocation: "split", day: "2026-02-01" };
    const later = { ...wrong, day: "2026-02-02" };
    const rows = [
      ...[
        { ...wrong, variation: "a", n: 280 },
        { ...wrong, variation: "b", n: 120 },
      ],
      ...[
        { ...later, variation: "a", n: 20_000 },
        { ...later, variation: "b", n: 20_000 },
      ],
    ];
    const map = ["--map", "flag=flag,allocation=allocation,variation=variation,count=n,time=day"];
    const once = await judge(rows, EVEN, map);
    expect(once.verdict).toMatchObject({ verdict: "none", certainSince: "2026-02-01" });
    const { exitCode } = await judge(rows, EVEN, [...map, "--always-valid"]);
    expect(exitCode).toBe(1);
  });

  it("reports the always-valid test of counts that have no days", async () => {
    const rows = [
      { flag: "checkout", allocation: "split", variation: "a", n: 300 },
      { flag: "checkout", allocation: "split", variation: "b", n: 100 },
    ];
    const map = ["--map", "flag=flag,allocation=allocation,variation=variation,count=n"];
    const { stdout } = await report(rows, EVEN, map);
    expect(stdout).toContain("the always-valid test reports a mismatch");
    expect((await report(rows, EVEN, [...map, "--always-valid"])).exitCode).toBe(1);
  });

  it("uses the exact test when a variation expects few subjects", async () => {
    const { verdict } = await judge(draw(0.999, 200), experimentConfig(0.99));
    expect(verdict).toMatchObject({ method: "exact", verdict: "none" });
  });

  it.each([
    {
      kind: "attribute",
      name: "plan = pro",
      events: planted(({ subjectAttributes }) => subjectAttributes["plan"] === "pro"),
    },
    {
      kind: "day",
      name: "2026-02-04",
      events: planted(({ timestamp }) => timestamp.startsWith("2026-02-04"), draw(0.5, 8_000)),
    },
    {
      kind: "revision",
      name: "before the configuration was published",
      events: planted(({ timestamp }) => timestamp < "2026-02-04"),
    },
    {
      kind: "duplicates",
      name: "duplicates",
      events: draw(0.5)
        .flatMap((event) =>
          event.variation === "a" && event.subject.endsWith("0")
            ? [event, { ...event, subject: `${event.subject}-anonymous` }]
            : [event],
        )
        .concat(
          draw(0.5)
            .filter(({ subject, variation }) => variation === "a" && subject.endsWith("1"))
            .map((event) => ({ ...event, subject: `${event.subject}-anonymous` })),
        ),
    },
    {
      kind: "two-variations",
      name: "subjects with two variations",
      events: draw(0.5).flatMap((event) =>
        event.subject.endsWith("0")
          ? [
              { ...event, variation: "a" },
              { ...event, variation: "b", timestamp: "2026-02-20T00:00:00Z" },
            ]
          : [event],
      ),
    },
  ])("names the cause: $kind", async ({ events, kind, name }) => {
    const config = experimentConfig(0.5, "2026-02-04T00:00:00.000Z");
    const { verdict } = await judge(events, config);
    expect(verdict).toMatchObject({ verdict: "mismatch", cause: { kind, name } });
    if (kind !== "revision" && !isWhole) return;
    const { stdout } = await report(events, config);
    expect(stdout.includes("--history")).toBe(kind === "revision");
  });

  it("names a variation that no subject has", async () => {
    const { stdout } = await report(draw(1, 400));
    expect(stdout).toContain("no subject has b: was it logged and exported?");
  });

  it("prints a report of at most 80 columns, with days and values on request", async () => {
    const events = tempFile("events.ndjson.gz", gzipSync(ndjson(draw(0.6))));
    const config = jsonFile("flags.json", EVEN);
    const args = ["srm", events, "--config", config, "--by", "plan", "--daily"];
    const { exitCode, stdout } = await run(args);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("MISMATCH");
    expect(stdout).toContain("no tested part differs measurably from the rest");
    expect(stdout).toContain("exact test");
    expect(stdout).toMatch(/plan = team {2,}[\d,]+ {2,}a \d+(?:\.\d+)?%, b \d/);
    expect(stdout).toMatch(/2026-02-10 {2,}\d/);
    expect(stdout).toMatch(/\n {2}by day, plan\n {2}PART .*\n {2}2026-02-/);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain("user-");
  });

  it("shows the days of each experiment below its name", async () => {
    const both = [
      ...draw(0.5, 400),
      ...draw(0.5, 400).map((it) => ({ ...it, featureFlag: "other" })),
    ];
    const { flags } = EVEN as { readonly flags: { readonly checkout: object } };
    const two = { ...EVEN, flags: { ...flags, other: flags.checkout } };
    const { stdout } = await report(both, two, ["--daily"]);
    const headings = stdout.match(
      /(?<=\n\n)\w+, [\w-]+(?=: .*\n(?: {2}.*\n)? {2}by day\n {2}PART .*\n {2}2026-02-)/g,
    );
    expect(headings).toEqual(["checkout, split", "other, split"]);
  });

  it("shows – for unknown shares, and null in JSON", async () => {
    const events = draw(0.5, 200).map((event) => ({ ...event, featureFlag: "chekout" }));
    const { exitCode, stderr, stdout } = await report(events);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("error: no exposure names an experiment of this configuration");
    const allowed = await report(events, EVEN, ["--allow-empty"]);
    expect(allowed).toMatchObject({ exitCode: 0, stdout });
    expect(stdout).toMatch(/ a – → \d/);
    expect(stdout).not.toContain(" 0%");
    const { verdict } = await judge(events, EVEN, []);
    expect(verdict).toMatchObject({ variations: [{ share: null }, { share: null }] });
  });

  it.each([
    { by: "plans", says: '--by: no exposure has the attribute "plans", did you mean "plan"?' },
    { by: "plan,colour", says: '--by: no exposure has the attribute "colour"; they have plan' },
  ])("refuses --by $by", async ({ by, says }) => {
    const { exitCode, stderr, stdout } = await report(draw(0.5, 200), EVEN, ["--by", by]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(says);
  });

  ifWhole(it)("says that a PostHog roll-out has only one variation", async () => {
    const groups = [{ properties: [], rollout_percentage: 30 }];
    const flag = { id: 1, key: "beta", active: true, filters: { groups } };
    const config = { flags: [flag], group_type_mapping: {}, cohorts: {} };
    const events = draw(0.5, 200).map(({ allocation: _, experiment: __, ...event }) => {
      return { ...event, featureFlag: "beta", variation: "true" };
    });
    const { verdict } = await judge(events, config, []);
    expect(verdict).toMatchObject({
      verdict: "unknown",
      problem: "the flag has only one variation",
    });
  });

  it.each([
    { args: [], says: "EVENTS is missing" },
    { args: ["a", "--preset", "segmnt"], says: 'did you mean "segment"?' },
    { args: ["a", "--zone", "here"], says: "--zone: expected UTC" },
  ])("refuses $args: $says", async ({ args, says }) => {
    const config = jsonFile("flags.json", EVEN);
    const { exitCode, stderr } = await run(["srm", ...args, "--config", config]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
  });
});
