import { ifWhole, isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { evaluating } from "../ofrep/ground.js";
import { relayOf } from "../start.js";
import { textOf, Visitor } from "./visitor.js";

const EXPERIMENT = { hashAttribute: "id", hashVersion: 2, weights: [0.5, 0.5] };

const GROWTHBOOK = {
  features: {
    rest: {
      defaultValue: "none",
      rules: [
        { id: "sale", condition: { country: "DE" }, force: "Sale" },
        {
          ...{ ...EXPERIMENT, key: "texts", coverage: 0.9, variations: ["Buy", "Buy now"] },
          meta: [
            { key: "0", name: "Control" },
            { key: "1", name: "Urgent" },
          ],
        },
      ],
    },
    all: { defaultValue: 1, rules: [{ ...EXPERIMENT, key: "plain", variations: ["A", "B"] }] },
    unset: { rules: [{ force: true, coverage: 0.2, hashAttribute: "id" }] },
  },
};

const SHARDS = [{ salt: "s", totalShards: 100, ranges: [{ start: 0, end: 20 }] }];

const eppoFlag = (key: string, enabled: boolean, shards: readonly object[]): object => ({
  ...{ key, enabled, variationType: "STRING", totalShards: 100 },
  variations: { a: { key: "a", value: "a" } },
  allocations: [{ key: "first", splits: [{ variationKey: "a", shards }] }],
});

const FLAGS = {
  rest: eppoFlag("rest", true, SHARDS),
  all: eppoFlag("all", true, []),
  disabled: eppoFlag("disabled", false, SHARDS),
};

const EPPO = {
  ...{ createdAt: "2026-01-05T00:00:00.000Z", format: "SERVER", environment: { name: "Test" } },
  flags: FLAGS,
};

const DATADOG = {
  data: { type: "universal-flag-configuration", attributes: { ...EPPO, flags: FLAGS } },
};

const posthogFlag = (key: string, active: boolean, filters: object): object => ({
  ...{ id: 1, key, active, version: 1 },
  filters,
});

const POSTHOG = {
  flags: [
    posthogFlag("rest", true, {
      groups: [{ properties: [], rollout_percentage: 60 }],
      holdout: { id: 7, exclusion_percentage: 10 },
      multivariate: { variants: [{ key: "test", rollout_percentage: 100 }] },
      payloads: { test: '{"title":"New"}' },
    }),
    posthogFlag("all", true, { groups: [{ properties: [], rollout_percentage: 100 }] }),
    posthogFlag("disabled", false, { groups: [{ properties: [], rollout_percentage: 100 }] }),
  ],
  ...{ group_type_mapping: {}, cohorts: {} },
};

const AMPLITUDE = [
  {
    key: "rest",
    variants: { on: { key: "on", value: "on" } },
    segments: [
      {
        conditions: [[{ selector: ["context", "user", "plan"], op: "is", values: ["gold"] }]],
        variant: "on",
      },
    ],
  },
  {
    key: "all",
    variants: { off: { key: "off" } },
    segments: [{ metadata: { segmentName: "All Other Users" }, variant: "off" }],
  },
];

const VENDORS = [
  { dialect: "eppo", payload: EPPO, noun: "Allocation", otherwise: "your code's default value" },
  {
    dialect: "datadog",
    payload: DATADOG,
    noun: "Allocation",
    otherwise: "your code's default value",
  },
  {
    dialect: "growthbook",
    payload: GROWTHBOOK,
    noun: "Rule",
    otherwise: 'the feature\'s default value "none"',
  },
  {
    dialect: "amplitude",
    payload: AMPLITUDE,
    noun: "Segment",
    otherwise: "your code's default value",
  },
  { dialect: "posthog", payload: POSTHOG, noun: "Condition set", otherwise: "the value false" },
] as const;

async function visitorOf({ dialect, payload }: (typeof VENDORS)[number]): Promise<Visitor> {
  return new Visitor(await relayOf({ environments: [evaluating(dialect, payload)] }));
}

async function pageOf(visitor: Visitor, dialect: string, key: string): Promise<string> {
  return textOf((await visitor.get(`/page/${dialect}/flag?key=${key}`)).text).replace(/\s+/g, " ");
}

describe.each(VENDORS.filter((_, i) => isInPart(i)))("the page of a flag of $dialect", (vendor) => {
  const { dialect, noun, otherwise } = vendor;

  it("shows what subjects get if no allocation assigns a variation", async () => {
    const visitor = await visitorOf(vendor);
    expect(await pageOf(visitor, dialect, "rest")).toContain(`Otherwise: ${otherwise}`);
    expect(await pageOf(visitor, dialect, "all")).toContain(
      `Otherwise: never reached. ${noun} 1 assigns all remaining subjects`,
    );
  });

  it.skipIf(["growthbook", "amplitude"].includes(dialect))(
    "shows what subjects get while the flag is disabled",
    async () => {
      const visitor = await visitorOf(vendor);
      expect(await pageOf(visitor, dialect, "disabled")).toContain(
        `This flag is disabled. All subjects get ${otherwise}.`,
      );
    },
  );
});

describe("the pages of GrowthBook's flags", () => {
  it("show names or values instead of the indexes of variations", async () => {
    const visitor = await visitorOf(VENDORS[2]);
    const named = await pageOf(visitor, "growthbook", "rest");
    expect(named).toMatch(/Variations "Sale" Control "Buy" Urgent "Buy now" default value "none"/);
    expect(named).toMatch(/Control: 45% Urgent: 45% not assigned: 10%/);
    expect(await pageOf(visitor, "growthbook", "all")).toMatch(/"A": 50% "B": 50%/);
    expect(await pageOf(visitor, "growthbook", "unset")).toContain(
      "Otherwise: null or your code's default value",
    );
    const list = textOf((await visitor.get("/page/growthbook/flags")).text);
    expect(list).toContain("In rule 2 (2 of 2):Control: 45%, Urgent: 45%");
    expect(list).toContain("2 rules in order: sale, rule 2");
  });
});

describe("the pages of Amplitude's flags", () => {
  it("say that the application uses its own default for a variant without a value", async () => {
    const page = await pageOf(await visitorOf(VENDORS[3]), "amplitude", "all");
    expect(page).toContain("Variations off no value");
    expect(page).toContain(
      "The variant off has no value, so your application uses its own default.",
    );
    expect(page).not.toContain("is not used");
  });
});

describe("the pages of PostHog's flags", () => {
  it("show the values that applications get, with their payloads", async () => {
    const page = await pageOf(await visitorOf(VENDORS[4]), "posthog", "rest");
    expect(page).toContain('Variations "test" payload {"title":"New"}');
  });

  ifWhole(it)("show holdouts", async () => {
    const visitor = await visitorOf(VENDORS[4]);
    const page = await pageOf(visitor, "posthog", "rest");
    expect(page).toContain("This flag has 2 condition sets");
    expect(page).toMatch(/holdoutFor all subjects: holdout-7: 10% not assigned: 90%/);
    expect(textOf((await visitor.get("/page/posthog/flags")).text)).toContain(
      "2 condition sets in order: holdout, condition set 1",
    );
  });
});
