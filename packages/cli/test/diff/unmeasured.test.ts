import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isInPart } from "@sortition/test-kit";
import { describe, expect, it, vi } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import type { GeneratedFlag } from "../generated/flags.js";
import { jsonFile, ndjson, run, tempFile } from "../run.js";

// What is not measured does not depend on how many keys are made up.
vi.mock("../../src/diff/made-up-subjects.js", async (original) => {
  const { madeUpSubjects } =
    (await original()) as typeof import("../../src/diff/made-up-subjects.js");
  return {
    async *madeUpSubjects(): ReturnType<typeof madeUpSubjects> {
      for await (const batch of madeUpSubjects()) return yield batch;
    },
  };
});

const FLAG: GeneratedFlag = {
  key: "checkout",
  salt: "s",
  countries: ["DK"],
  traffic: 100,
  share: 50,
  values: { a: "red", b: "blue" },
  isOpen: true,
};
const MOVED = { ...FLAG, share: 10 };
const LIMIT = ["--max-moved", "1%"];
const SUBJECTS = Array.from({ length: 200 }, (_, i) => ({
  subjectKey: `user-${i}`,
  subjectAttributes: { nation: i % 2 === 0 ? "DK" : "SE" },
}));

/** Runs `sortition diff` for two configurations of a dialect. */
async function diff(
  dialect: string,
  [old, now]: readonly [unknown, unknown],
  more: readonly string[] = [],
  subjects: readonly object[] = [],
) {
  const files = [old, now].map((it, i) => jsonFile(`config-${i}.json`, it));
  return await run(["diff", ...files, "--dialect", dialect, ...more], ndjson(subjects));
}

// PostHog has rules of its own.
const DIALECTS = GENERATED_DIALECTS.filter(({ name }, i) => isInPart(i) || name === "posthog");

describe.each(DIALECTS.filter((_, i) => isInPart(i)))(
  "a changed flag of $name that reads attributes",
  (dialect) => {
    const configs = [dialect.configOf([FLAG]), dialect.configOf([MOVED])] as const;
    const SAYS = "the flag reads nation, and no subjects are given. Add --subjects FILE";

    it("is not measured without subjects, so --max-moved fails", async () => {
      const limited = await diff(dialect.name, configs, LIMIT);
      expect(limited.exitCode).toBe(1);
      expect(limited.stderr).toBe(
        `error: checkout: not measured, so --max-moved was not checked: ${SAYS}\n`,
      );
      expect(limited.stdout).toMatch(
        /^checkout: \S+, not measured\n {2}not measured: the flag reads nation/,
      );
      expect(limited.stdout).not.toMatch(/checkout: .*0%/);
      const unlimited = await diff(dialect.name, configs);
      expect(unlimited).toMatchObject({ exitCode: 0, stderr: "", stdout: limited.stdout });
      const page = tempFile("page.html", "");
      const { stdout } = await diff(dialect.name, configs, ["--json", "--html", page]);
      expect(JSON.parse(stdout)).toMatchObject({ flag: "checkout", notMeasured: SAYS });
      expect(readFileSync(page, "utf8")).toContain("; 1 flag could not be measured; ");
    });

    it("is measured with subjects", async () => {
      const more = ["--subjects", "-", "--json"];
      const { exitCode, stderr, stdout } = await diff(dialect.name, configs, more, SUBJECTS);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      const { movement, notMeasured } = JSON.parse(stdout);
      expect({ notMeasured, total: movement.total }).toEqual({ notMeasured: null, total: 200 });
      expect(movement.moved).toBeGreaterThan(10);
      const over = await diff(dialect.name, configs, [...more, ...LIMIT], SUBJECTS);
      expect(over.exitCode).toBe(1);
      expect(over.stderr).not.toContain("not measured");
    });

    it("is not measured if all subjects lack the attribute, so --max-moved fails", async () => {
      const more = ["--subjects", "-", "--json"];
      const lacking = SUBJECTS.map((it) => ({ ...it, subjectAttributes: {} }));
      const { stderr, stdout, exitCode } = await diff(
        dialect.name,
        configs,
        [...more, ...LIMIT],
        lacking,
      );
      // PostHog's rules cannot be evaluated without the property.
      const why =
        dialect.name === "posthog"
          ? 'flag "checkout" needs the property "nation"'
          : "a changed rule or split reads nation (200 subjects without it). If subjects really have no value, add --absent nation";
      const says = `no subject could be evaluated: ${why}`;
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: `error: checkout: not measured, so --max-moved was not checked: ${says}\n`,
      });
      expect(JSON.parse(stdout)).toMatchObject({ notMeasured: says });
      const text = await diff(dialect.name, configs, ["--subjects", "-"], lacking);
      expect(text).toMatchObject({ exitCode: 0, stderr: "" });
      expect(text.stdout).toMatch(/^checkout: \S+, not measured\n/);
    });

    it.skipIf(dialect.name === "posthog")("names a column that --map does not read", async () => {
      const rows = [{ user: "u", nation: "DK" }];
      const { stdout } = await diff(
        dialect.name,
        configs,
        ["--subjects", "-", "--json", "--map", "subject=user"],
        rows,
      );
      expect(JSON.parse(stdout).notMeasured).toMatch(
        /The rows have nation: add attributes\.nation=nation to the columns of --map$/,
      );
    });

    it.skipIf(dialect.name === "posthog")(
      "treats subjects without the attribute as moved by --max-moved, even if others have it",
      async () => {
        const rows = SUBJECTS.map(({ subjectKey, subjectAttributes }, i) => ({
          subjectKey,
          subjectAttributes: i < 5 ? subjectAttributes : {},
        }));
        const limited = async (...more: readonly string[]) => {
          const args = ["--subjects", "-", "--json", "--max-moved", ...more];
          return await diff(dialect.name, configs, args, rows);
        };
        const { exitCode, stderr, stdout } = await limited("50%");
        const says =
          "a changed rule or split reads nation (195 subjects without it). If subjects really have no value, add --absent nation";
        expect({ exitCode, stderr }).toEqual({
          exitCode: 1,
          stderr: `error: checkout: not measured, so --max-moved was not checked: some subjects could not be evaluated: ${says}\n`,
        });
        expect(JSON.parse(stdout)).toMatchObject({
          movement: { total: 200, undecided: 195, lacking: { nation: 195 } },
        });
        expect((await limited("99%")).exitCode).toBe(0);
        const absent = await limited("50%", "--absent", "nation");
        expect(absent).toMatchObject({ exitCode: 0, stderr: "" });
        expect(JSON.parse(absent.stdout)).toMatchObject({ notMeasured: null });
      },
    );
  },
);

describe("a rule on an optional attribute", () => {
  const configOf = (minimum: number): object => ({
    createdAt: "2026-01-05T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: {
      beer: {
        key: "beer",
        enabled: true,
        variationType: "STRING",
        totalShards: 10_000,
        variations: { on: { key: "on", value: "on" }, off: { key: "off", value: "off" } },
        allocations: [
          {
            key: "vip",
            rules: [{ conditions: [{ attribute: "vip", operator: "IS_NULL", value: false }] }],
            splits: [{ variationKey: "on", shards: [] }],
          },
          {
            key: "adults",
            rules: [{ conditions: [{ attribute: "age", operator: "GTE", value: minimum }] }],
            splits: [{ variationKey: "on", shards: [] }],
          },
        ],
      },
    },
  });

  it.each([
    { of: "all subjects have it", having: 6_000, moved: 600, undecided: 0, exitCode: 1 },
    { of: "none has it", having: 0, moved: 0, undecided: 6_000, exitCode: 1 },
    { of: "five have it", having: 5, moved: 0, undecided: 5_995, exitCode: 1 },
    { of: "five have it, others really do not", having: 5, moved: 0, undecided: 0, exitCode: 0 },
  ])("that changed is measured if $of", async ({ exitCode, having, moved, of, undecided }) => {
    const rows = Array.from({ length: 6_000 }, (_, i) => ({
      subjectKey: `user-${i}`,
      // A tenth is from 18 to 20. No subject has `vip`, which an unchanged rule reads.
      subjectAttributes: i < having ? { age: having === 5 ? 40 : i % 10 === 0 ? 19 : 30 } : {},
    }));
    const absent = of.endsWith("really do not") ? ["--absent", "age"] : [];
    const more = ["--subjects", "-", "--json", "--max-moved", "5%", ...absent];
    const run = await diff("eppo", [configOf(18), configOf(21)], more, rows);
    expect(run.exitCode).toBe(exitCode);
    const { movement } = JSON.parse(run.stdout);
    expect(movement).toMatchObject({ total: 6_000, moved, undecided });
  });
});

describe("sortition diff without subjects", () => {
  const [eppo, growthbook] = GENERATED_DIALECTS;
  const configOf = (dialect: typeof eppo, ...flags: readonly GeneratedFlag[]): unknown =>
    dialect?.configOf(flags);
  const ALL = { ...FLAG, countries: null };

  it("does not require subjects if flags with rules did not change", async () => {
    const configs = [configOf(eppo, FLAG), configOf(eppo, FLAG)] as const;
    expect(await diff("eppo", configs, LIMIT)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("reports exceeded limits before unmeasured flags", async () => {
    const other = { ...ALL, key: "banner" };
    const configs = [
      configOf(eppo, FLAG, other),
      configOf(eppo, MOVED, { ...other, share: 10 }),
    ] as const;
    const { exitCode, stderr } = await diff("eppo", configs, LIMIT);
    expect(exitCode).toBe(1);
    expect(stderr.split("\n").map((line) => line.slice(0, 26))).toEqual([
      "error: banner: 40% move",
      "error: checkout: not measu",
      "",
    ]);
  });

  it("names attributes that only a prerequisite of a changed flag reads", async () => {
    const of = (share: number): object => ({
      features: {
        base: { defaultValue: "x", rules: [{ force: "y", condition: { plan: "pro" } }] },
        checkout: {
          defaultValue: "none",
          rules: [
            {
              parentConditions: [{ id: "base", condition: { value: "y" } }],
              ...{ seed: "s", hashVersion: 2, coverage: 1, variations: ["a", "b"] },
              weights: [share, 1 - share],
            },
          ],
        },
      },
    });
    const { exitCode, stderr } = await diff("growthbook", [of(0.5), of(0.1)], LIMIT);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("error: checkout: not measured");
    expect(stderr).toContain("the flag reads plan, and no subjects are given");
  });

  it("names the attributes inside $or, $and and $not", async () => {
    const of = (force: string): object => ({
      features: {
        f: {
          defaultValue: "x",
          rules: [
            { force, condition: { $or: [{ a: 1 }, { $not: { $and: [{ b: 2 }, { c: 3 }] } }] } },
          ],
        },
      },
    });
    const { stderr } = await diff("growthbook", [of("y"), of("z")], LIMIT);
    expect(stderr).toContain("the flag reads a, b and c, and no subjects are given");
  });

  it("names an attribute that is hashed instead of the key", async () => {
    const of = (share: number): unknown => {
      const text = JSON.stringify(configOf(growthbook, { ...ALL, share }));
      return JSON.parse(text.replace('"id":"split"', '"id":"split","hashAttribute":"company"'));
    };
    // Shares of companies follow from the ranges.
    const exact = await diff("growthbook", [of(50), of(10)], LIMIT);
    expect(exact.stderr).toBe("error: checkout: 40% move\n");
    const forced = (share: number): object => ({
      features: {
        f: {
          defaultValue: 0,
          rules: [
            { force: 1, coverage: share, hashAttribute: "company" },
            { force: 2, coverage: 0.5, hashAttribute: "company" },
          ],
        },
      },
    });
    const { stderr } = await diff("growthbook", [forced(0.5), forced(0.1)], LIMIT);
    expect(stderr).toContain("the flag reads company, and no subjects are given");
  });

  it("includes unchanged flags that depend on a changed flag", async () => {
    const of = (plan: string): object => ({
      features: {
        base: { defaultValue: "x", rules: [{ force: "y", condition: { plan } }] },
        checkout: {
          defaultValue: "none",
          rules: [{ force: "new", parentConditions: [{ id: "base", condition: { value: "y" } }] }],
        },
      },
    });
    const { stderr } = await diff("growthbook", [of("pro"), of("team")], LIMIT);
    expect(stderr).toContain("error: base: not measured");
    expect(stderr).toContain("error: checkout: not measured");
  });

  it("does not require attributes of a flag if only its logging changed", async () => {
    const [old, now] = [true, false].map((doLog) =>
      JSON.parse(JSON.stringify(configOf(eppo, FLAG)).replace('"doLog":true', `"doLog":${doLog}`)),
    );
    expect(await diff("eppo", [old, now], LIMIT)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("does not measure a flag whose cohort is missing from the file", async () => {
    const cohort = (rollout: number): object => ({
      flags: [
        {
          ...{ id: 1, key: "f", active: true },
          filters: {
            groups: [
              {
                properties: [{ type: "cohort", key: "id", value: 7 }],
                rollout_percentage: rollout,
              },
            ],
          },
        },
      ],
      group_type_mapping: {},
      cohorts: {},
    });
    const { exitCode, stderr, stdout } = await diff("posthog", [cohort(50), cohort(90)], LIMIT);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^f: changed, not measured\n/);
    expect(stderr).toContain(
      'f: not measured, so --max-moved was not checked: no subject could be evaluated: the flag reads the cohort "7", which the file does not contain',
    );
  });
});

describe("sortition diff with subjects that cannot be evaluated", () => {
  const of = (share: number): object[] => [
    {
      key: "f",
      variants: { on: { key: "on" }, off: { key: "off" } },
      segments: [
        {
          conditions: [
            [
              {
                selector: ["context", "user", "cohort_ids"],
                op: "set contains any",
                values: ["c9"],
              },
            ],
            [{ selector: ["context", "user", "country"], op: "is", values: ["DK"] }],
          ],
          bucket: {
            ...{ selector: ["context", "user", "user_id"], salt: "s" },
            allocations: [
              { range: [0, share], distributions: [{ variant: "on", range: [0, 42_949_673] }] },
            ],
          },
        },
        { variant: "off" },
      ],
    },
  ];
  const rows = (danes: number, others: number): readonly object[] =>
    Array.from({ length: danes + others }, (_, i) => {
      return { user: { user_id: `u-${i}`, country: i < danes ? "DK" : "SE" } };
    });

  it("counts them separately, and passes a limit that is met even if all of them move", async () => {
    const more = ["--subjects", "-", "--max-moved", "60%"];
    const kept = await diff("amplitude", [of(50), of(50)], more, rows(90, 10));
    expect(kept.exitCode).toBe(0);
    const page = tempFile("page.html", "");
    const moved = await diff(
      "amplitude",
      [of(0), of(100)],
      ["--subjects", "-", "--json", "--html", page],
      rows(90, 10),
    );
    expect(readFileSync(page, "utf8")).toContain("<dd>10 evaluations could not be judged</dd>");
    const { movement, notMeasured } = JSON.parse(moved.stdout);
    expect(movement).toMatchObject({ total: 100, moved: 90, undecided: 10 });
    expect(notMeasured).toContain(
      'some subjects could not be evaluated: the flag reads the cohort "c9"',
    );
  });

  it("fails a limit that is exceeded if all of them move", async () => {
    const more = ["--subjects", "-", "--max-moved", "5%"];
    const { exitCode, stderr, stdout } = await diff(
      "amplitude",
      [of(0), of(100)],
      more,
      rows(0, 100),
    );
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^f: changed, not measured\n/);
    expect(stderr).toContain(
      "f: not measured, so --max-moved was not checked: no subject could be",
    );
  });
});

describe("sortition diff with hashed flag keys", () => {
  const hidden = (text: string): string => Buffer.from(text).toString("base64");
  const hash = (text: string): string => createHash("md5").update(text).digest("hex");
  const of = (share: number, rules: readonly object[] = []): object => ({
    createdAt: "2026-01-05T00:00:00.000Z",
    format: "CLIENT",
    environment: { name: "Test" },
    flags: {
      [hash("banner")]: {
        ...{ key: hash("banner"), enabled: true, variationType: "STRING", totalShards: 100 },
        variations: Object.fromEntries(
          ["a", "b"].map((it) => [hidden(it), { key: hidden(it), value: hidden(it) }]),
        ),
        allocations: [
          {
            ...{ key: hidden("split"), rules, doLog: true },
            splits: ["a", "b"].map((it, i) => ({
              variationKey: hidden(it),
              shards: [
                {
                  salt: hidden("s"),
                  ranges: [i === 0 ? { start: 0, end: share } : { start: share, end: 100 }],
                },
              ],
            })),
          },
        ],
      },
    },
  });
  const RULES = [
    { conditions: [{ attribute: hash("country"), operator: "ONE_OF", value: [hash("DK")] }] },
  ];
  const SAYS = "the flag keys are hashed. Name the flags with --flags NAMES";

  it.each([
    { name: "without subjects", more: [], subjects: [] },
    { name: "with subjects", more: ["--subjects", "-"], subjects: SUBJECTS },
  ])("explains how to name the flags, $name", async ({ more, subjects }) => {
    const sides = [of(50), of(30)] as const;
    const { exitCode, stderr, stdout } = await diff("eppo", sides, [...more, ...LIMIT], subjects);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`not measured, so --max-moved was not checked: ${SAYS}`);
    expect(stdout).toMatch(/^[0-9a-f]{32}: changed, not measured\n/);
    const names = [...more, ...LIMIT, "--flags", "banner"];
    const named = await diff("eppo", sides, names, subjects);
    expect(named.stderr).toMatch(/^error: banner: [\d.]+% move\n$/);
  });

  it("reports that attribute names are hashed", async () => {
    const more = [...LIMIT, "--flags", "banner"];
    const { exitCode, stderr } = await diff("eppo", [of(50, RULES), of(30, RULES)], more);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "banner: not measured, so --max-moved was not checked: the flag reads attributes whose names are hashed, and no subjects are given. Add --subjects FILE",
    );
  });
});

it("does not treat the hashes of two attributes of GrowthBook as one", async () => {
  const rule = { coverage: 0.5, seed: "s", hashAttribute: "id", hashVersion: 2, force: 1 };
  const [old, now] = [[rule, { ...rule, hashAttribute: "company" }], [rule]].map((rules) => {
    return { features: { banner: { defaultValue: 0, rules } } };
  });
  const { stdout } = await diff("growthbook", [old, now]);
  expect(stdout).toContain("banner: changed, not measured\n");
  expect(stdout).toContain("  not measured: the flag reads company, and no subjects are given.");
});
