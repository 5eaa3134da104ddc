import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { ifWhole, isInPart, isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { describeCorrectExperiments } from "./correct-experiments.js";
import { logged, members, srm, type Visitor } from "./logged.js";
import { GROUPING_VENDORS } from "./vendors.js";

/** Below this p-value, `srm` reports a mismatch. */
const LEVEL = 0.001;

// The long tests simulate more.
describeCorrectExperiments(isWhole ? 60 : 5);

describe("srm of experiments that are split by groups", () => {
  const vendors = GROUPING_VENDORS.filter((_, i) => isInPart(i));

  it.each(vendors)(
    "finds that 29% of the groups of one variation are lost, with $name",
    async ({ attributesOf, dialect, name, payloadOf }) => {
      const payload = payloadOf(["test"]);
      const rows = logged(dialect, payload, () => members(1, 2_000, attributesOf));
      const [{ variation: lost }] = rows as [{ variation: string }];
      const isLost = new Map<string, boolean>();
      const kept = (rows as { variation: string; subjectAttributes: object }[]).filter((row) => {
        const group = JSON.stringify(row.subjectAttributes);
        if (!isLost.has(group)) isLost.set(group, isLost.size % 100 < 29);
        return row.variation !== lost || isLost.get(group) === false;
      });
      const { verdicts } = await srm(name, payload, kept);
      expect(verdicts).toMatchObject([{ verdict: "mismatch" }]);
      expect(verdicts[0]?.pValue).toBeLessThan(LEVEL);
    },
    120_000,
  );

  it.each(vendors)(
    "does not test rows of $name without the group",
    async ({ attributesOf, dialect, name, payloadOf }) => {
      const payload = payloadOf(["test"]);
      const rows = logged(dialect, payload, () => members(1, 50, attributesOf));
      const bare = rows.map((it) => ({ ...it, subjectAttributes: {} }));
      const { verdicts } = await srm(name, payload, bare);
      expect(verdicts).toMatchObject([{ verdict: "unknown" }]);
      expect(verdicts[0]?.problem).toMatch(
        /^this experiment is split by .+\. Name its column with --map (?:person|.?attributes\..+)=COLUMN.?$/,
      );
    },
  );

  it.each(vendors)(
    "says what rows of counts of $name have to count",
    async ({ dialect: _, name, payloadOf }) => {
      const rows = ["a", "b"].map((variation) => ({ test: "test", variation, n: 100 }));
      const map = "flag=test,variation=variation,count=n";
      const { stderr } = await srm(name, payloadOf(["test"]), rows, "--map", map);
      expect(stderr).toMatch(
        /an experiment is split by .+, so each row must contain a number of distinct values of/,
      );
    },
  );
});

/** A LaunchDarkly experiment, in whose halves this weight takes part. Other contexts get the first variation. */
function reduced(weight: number): object {
  const variations = [
    ...[0, 1].map((variation) => ({ variation, weight })),
    { variation: 0, weight: 100_000 - 2 * weight, untracked: true },
  ];
  const flag = { key: "test", version: 1, on: true, salt: "s", variations: ["a", "b"] };
  const rollout = { kind: "experiment", seed: 61, variations };
  return {
    flags: { test: { ...flag, trackEvents: true, fallthrough: { rollout } } },
    segments: {},
  };
}

const USERS: readonly Visitor[] = Array.from({ length: 8_000 }, (_, i) => ({
  key: `user-${i}`,
  attributes: {},
}));

describe("srm of experiments in which only some subjects take part", () => {
  const payload = reduced(10_000);
  const rows = logged(launchdarkly(), payload, () => USERS) as readonly {
    readonly inExperiment: boolean;
    readonly variation: string;
  }[];

  it("counts only these subjects, and says how many rows were skipped", async () => {
    const { stderr, verdicts } = await srm("launchdarkly", payload, rows);
    expect(verdicts).toMatchObject([{ verdict: "none" }]);
    expect(verdicts[0]?.subjects).toBe(rows.filter((it) => it.inExperiment).length);
    expect(stderr).toMatch(/skipped 6,\d{3} rows of subjects that do not take part/);
  });

  ifWhole(it)("finds that 29% of a variation's participants are lost", async () => {
    let participants = 0;
    const kept = rows.filter(({ inExperiment, variation }) => {
      return !inExperiment || variation === "0" || participants++ % 100 >= 29;
    });
    const { verdicts } = await srm("launchdarkly", payload, kept);
    expect(verdicts).toMatchObject([{ verdict: "mismatch" }]);
  });

  it("evaluates the flag for rows that do not say who takes part", async () => {
    const bare = rows.map(({ inExperiment: _, ...row }) => row);
    const { verdicts } = await srm("launchdarkly", payload, bare);
    expect(verdicts).toMatchObject([{ verdict: "none" }]);
    expect(verdicts[0]?.subjects).toBe(rows.filter((it) => it.inExperiment).length);
  });

  it("names --map in-experiment if neither the row nor the flag says who takes part", async () => {
    const counts = ["0", "1"].map((variation) => ({ flag: "test", variation, n: 50 }));
    const map = "flag=flag,variation=variation,count=n";
    const { verdicts } = await srm("launchdarkly", payload, counts, "--map", map);
    expect(verdicts[0]?.problem).toContain("--map in-experiment=COLUMN");
    const told = counts.map((it) => ({ ...it, is: "t" }));
    const mapped = await srm("launchdarkly", payload, told, "--map", `${map},in-experiment=is`);
    expect(mapped.verdicts).toMatchObject([{ verdict: "none", subjects: 100 }]);
  });

  it("does not read inExperiment of plain rollouts, which always log false", async () => {
    const { flags } = payload as { flags: { test: { fallthrough: { rollout: object } } } };
    const { rollout } = flags.test.fallthrough;
    const plain = {
      flags: { test: { ...flags.test, fallthrough: { rollout: { ...rollout, kind: "rollout" } } } },
    };
    const ofRollout = logged(launchdarkly(), plain, () => USERS.slice(0, 1_000));
    expect(ofRollout).toContainEqual(expect.objectContaining({ inExperiment: false }));
    const { verdicts } = await srm("launchdarkly", plain, ofRollout);
    expect(verdicts).toMatchObject([{ verdict: "none", subjects: 1_000 }]);
  });
});

describe("srm of GrowthBook's sticky buckets", () => {
  it("skips rows whose variation a bucket kept, and counts them", async () => {
    const rule = { key: "test", variations: ["a", "b"], hashVersion: 2 };
    const payload = { features: { test: { defaultValue: "none", rules: [rule] } } };
    const rows = Array.from({ length: 400 }, (_, i) => ({
      ...{ featureFlag: "test", experiment: "test", subject: `user-${i}` },
      variation: i % 2 === 0 || i % 4 === 1 ? "0" : "1",
      ...{ timestamp: "2026-02-01T00:00:00Z", stickyBucketUsed: i % 4 === 1 || i % 4 === 0 },
    }));
    const { stderr, verdicts } = await srm("growthbook", payload, rows);
    expect(verdicts).toMatchObject([{ verdict: "none", subjects: 200 }]);
    expect(stderr).toContain("skipped 200 rows whose variation a sticky bucket kept");
  });
});
