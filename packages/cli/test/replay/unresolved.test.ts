import { describe, expect, it } from "vitest";
import { BANDIT_FLAGS, MODELS } from "../eppo/bandit-config.js";
import { jsonFile, ndjson, run } from "../run.js";

const TIME = "2026-02-01T12:00:00.000Z";

/** Data that a configuration file lacks, and the message about it. */
interface Gap {
  readonly name: string;
  readonly dialect: string;
  readonly config: unknown;
  readonly says: string;
}

const posthogFlag = (key: string, groups: readonly object[], more: object = {}): object => ({
  id: 1,
  key,
  active: true,
  filters: { groups },
  ...more,
});
const posthogFile = (flags: readonly object[], cohorts: object = {}): object => ({
  flags,
  group_type_mapping: {},
  cohorts,
});
const inCohort = (value: number): object => ({ type: "cohort", key: "id", value });
const amplitudeFlag = (key: string, condition: object, more: object = {}): object => ({
  key,
  variants: { on: { key: "on" } },
  segments: [{ variant: "on", conditions: [[condition]] }],
  ...more,
});
const OF_COHORT = {
  selector: ["context", "user", "cohort_ids"],
  op: "set contains any",
  values: ["c9"],
};

/** In each file, the flag `f` cannot be evaluated for some subjects. */
const GAPS: readonly Gap[] = [
  {
    name: "a static cohort of PostHog",
    dialect: "posthog",
    config: posthogFile([posthogFlag("f", [{ properties: [inCohort(7)] }])]),
    says: 'the flag reads the cohort "7", which the file does not contain',
  },
  {
    name: "a static cohort inside of a cohort of PostHog",
    dialect: "posthog",
    config: posthogFile([posthogFlag("f", [{ properties: [inCohort(5)] }])], {
      5: { type: "OR", values: [inCohort(7)] },
    }),
    says: 'the flag reads the cohort "7", which the file does not contain',
  },
  {
    name: "experience continuity of PostHog",
    dialect: "posthog",
    config: posthogFile([posthogFlag("f", [{}], { ensure_experience_continuity: true })]),
    says: "the server decides flags with experience continuity",
  },
  {
    name: "a prerequisite of PostHog with a static cohort",
    dialect: "posthog",
    config: posthogFile([
      posthogFlag("f", [
        {
          properties: [
            {
              ...{ type: "flag", key: "g", operator: "flag_evaluates_to", value: true },
              dependency_chain: ["g"],
            },
          ],
        },
      ]),
      posthogFlag("g", [{ properties: [inCohort(7)] }]),
    ]),
    says: 'the flag reads the cohort "7", which the file does not contain',
  },
  {
    name: "a cohort of Amplitude",
    dialect: "amplitude",
    config: [amplitudeFlag("f", OF_COHORT)],
    says: 'the flag reads the cohort "c9", which the file does not contain',
  },
  {
    name: "a prerequisite of Amplitude with a cohort",
    dialect: "amplitude",
    config: [
      amplitudeFlag(
        "f",
        { selector: ["result", "g", "key"], op: "is", values: ["on"] },
        { dependencies: ["g"] },
      ),
      amplitudeFlag("g", OF_COHORT),
    ],
    says: 'the flag reads the cohort "c9", which the file does not contain',
  },
];

const exposure = (variation: string | null, i = 0): object => ({
  featureFlag: "f",
  variation,
  subject: `user-${i}`,
  timestamp: TIME,
  subjectAttributes: {},
});

async function replayed(gap: Pick<Gap, "config" | "dialect">, events: readonly object[]) {
  const file = jsonFile("gap.json", gap.config);
  const args = ["replay", "-", "--dialect", gap.dialect, "--config", file];
  const ended = await run([...args, "--json"], ndjson(events));
  const { total, unresolved } = JSON.parse(ended.stdout.split("\n").at(-2) ?? "{}");
  return { ...ended, total, unresolved };
}

describe("an exposure of a flag that the file does not fully define", () => {
  it.each(GAPS)("is unresolved for $name, and never wrong", async (gap) => {
    const events = [exposure("on"), exposure("true", 1), exposure(null, 2)];
    const { exitCode, stderr, total, unresolved } = await replayed(gap, events);
    expect(total).toMatchObject({ unresolved: 3, right: 0, "not-in-experiment": 0 });
    expect(unresolved).toEqual([{ flag: "f", problem: gap.says, exposures: 3 }]);
    expect(stderr).toContain(`warning: 3 exposures of f cannot be judged: ${gap.says}\n`);
    expect(stderr).toContain(
      "error: no exposure could be judged: required attributes or data are missing for 3 of 3",
    );
    expect(exitCode).toBe(2);
  });

  it("counts against --max-unjudged", async () => {
    const config = posthogFile([
      posthogFlag("f", [{ properties: [inCohort(7)] }]),
      posthogFlag("g", [{}]),
    ]);
    const right = { ...exposure("true"), featureFlag: "g" };
    const most = await replayed({ dialect: "posthog", config }, [
      exposure("on"),
      exposure("on", 1),
      right,
    ]);
    expect(most.exitCode).toBe(1);
    expect(most.stderr).toContain(
      "2 of 3 exposures of known flags could not be judged, which is more than",
    );
    const half = await replayed({ dialect: "posthog", config }, [exposure("on"), right]);
    expect(half.exitCode).toBe(0);
  });

  it("is judged when the missing cohort makes no difference", async () => {
    const config = [
      {
        key: "f",
        variants: { on: { key: "on" }, off: { key: "off" } },
        segments: [
          {
            variant: "on",
            metadata: { segmentName: "staff" },
            conditions: [
              [
                {
                  selector: ["context", "user", "user_properties", "plan"],
                  op: "is",
                  values: ["staff"],
                },
              ],
            ],
          },
          { variant: "on", conditions: [[OF_COHORT]] },
          { variant: "off" },
        ],
      },
    ];
    const staff = { ...exposure("on"), subjectAttributes: { plan: "staff" } };
    const other = { ...exposure("off", 1), subjectAttributes: { plan: "free" } };
    const { total } = await replayed({ dialect: "amplitude", config }, [staff, other]);
    expect(total.unresolved).toBe(1);
    expect(total["attributes-missing"]).toBe(0);
  });

  it("gets the same message as in sortition function", async () => {
    for (const { config, dialect, says } of GAPS.filter(({ says: it }) => it.includes("cohort"))) {
      const file = jsonFile("gap.json", config);
      const args = ["function", "--dialect", dialect, "--config", file, "--target", "snowflake"];
      const { exitCode, stderr } = await run([...args, "--out", "/tmp/not-written"]);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(new RegExp(`^error: flag "[fg]": ${says}$`, "m"));
    }
  });
});

describe("a bandit's choice without its model", () => {
  const choice = { featureFlag: "all", action: "nike", subject: "user-1", timestamp: TIME };
  const flags = (): string => jsonFile("flags.json", BANDIT_FLAGS);
  const replayChoice = async (banditKey: string, ...more: string[]) => {
    const event = { ...choice, banditKey, actions: { nike: {} }, subjectAttributes: {} };
    const args = ["replay", "-", "--dialect", "eppo", "--config", flags(), "--json", ...more];
    const ended = await run(args, ndjson([event]));
    return { ...ended, ...JSON.parse(ended.stdout.split("\n").at(-2) ?? "{}") };
  };

  it("is unresolved without --bandits, and the message suggests the option", async () => {
    const { exitCode, stderr, total } = await replayChoice("shoes");
    expect(total).toMatchObject({ unresolved: 1, "not-in-experiment": 0 });
    expect(stderr).toContain(
      "a bandit chooses the action, and its models are missing. Pass them with --bandits FILE\n",
    );
    expect(exitCode).toBe(2);
  });

  it("is unresolved if the models do not include that bandit", async () => {
    const { bandits, ...rest } = MODELS as { readonly bandits: Readonly<Record<string, object>> };
    const { shoes: _, ...others } = bandits;
    const file = jsonFile("models.json", { ...rest, bandits: others });
    const { stderr, total } = await replayChoice("shoes", "--bandits", file);
    expect(total).toMatchObject({ unresolved: 1, "not-in-experiment": 0 });
    expect(stderr).toContain('the --bandits file has no model "shoes"\n');
  });

  it("is not in the experiment if the flag has no bandit", async () => {
    const file = jsonFile("models.json", MODELS);
    const { total } = await replayChoice("unheard-of", "--bandits", file);
    expect(total.unresolved).toBe(0);
  });
});
