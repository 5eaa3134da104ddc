import { ifWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, run } from "../run.js";
import { experimentConfig } from "../srm/simulated.js";
import { VENDORS } from "./vendor-events.js";

const SUBJECTS = 3_000;
const START_MS = Date.parse("2026-02-01T00:00:00Z");

interface Verdict {
  readonly allocation: string | null;
  readonly verdict: string;
  readonly problem: string | null;
  readonly subjects: number;
}

/** Every fifth subject is staff. */
const emailOf = (i: number): string => `u${i}@${i % 5 === 0 ? "staff" : "mail"}.test`;

/** The rows that a vendor's export has after its SDK evaluated a flag for each subject. */
async function exported(
  vendorName: string,
  config: object,
  attributesOf: (i: number) => Readonly<Record<string, string>> | null,
): Promise<readonly object[]> {
  const vendor = VENDORS.find(({ name }) => name === vendorName);
  if (vendor === undefined) throw new Error(vendorName);
  const sdk = await vendor.open(config);
  const rows: object[] = [];
  for (let i = 0; i < SUBJECTS; i++) {
    const given = { email: emailOf(i) };
    const event = await sdk.ask({ flag: "exp", subject: `user-${i}`, attributes: given });
    const read = sdk.read(event);
    const attributes = attributesOf(i);
    rows.push(vendor.exported({ ...read, event, attributes, id: `m${i}`, timeMs: START_MS + i }));
  }
  await sdk.close();
  return rows;
}

async function srm(
  rows: readonly object[],
  config: object,
  more: readonly string[] = [],
): Promise<{ exitCode: number | null; verdicts: readonly Verdict[]; stderr: string }> {
  const args = ["srm", "-", "--config", jsonFile("flags.json", config), ...more];
  const { exitCode, stderr, stdout } = await run([...args, "--json"], ndjson(rows));
  const verdicts = stdout.split("\n").slice(0, -1);
  return { exitCode, stderr, verdicts: verdicts.map((line) => JSON.parse(line) as Verdict) };
}

const withEmail = (i: number) => ({ email: emailOf(i) });
const NOT_SHOWN =
  "neither the rows nor their attributes show the allocation. Name its column with --map allocation=COLUMN";

ifWhole(describe)("srm of PostHog's rows, which name no condition", () => {
  const staff = { key: "email", operator: "icontains", value: "@staff", type: "person" };
  const variants = [
    { key: "control", rollout_percentage: 50 },
    { key: "test", rollout_percentage: 50 },
  ];
  const everyone = { properties: [], rollout_percentage: 100 };
  const configOf = (filters: object): object => ({
    flags: [
      { id: 1, key: "exp", active: true, filters: { multivariate: { variants }, ...filters } },
    ],
    group_type_mapping: {},
    cohorts: {},
  });

  it("tests the split of the subjects outside a holdout", async () => {
    const config = configOf({ groups: [everyone], holdout: { id: 7, exclusion_percentage: 10 } });
    const rows = await exported("posthog", config, () => null);
    const { exitCode, verdicts } = await srm(rows, config);
    expect(exitCode).toBe(0);
    const [held, split] = ["holdout", "condition-0"].map((key) =>
      verdicts.find(({ allocation }) => allocation === key),
    );
    expect(split).toMatchObject({ verdict: "none" });
    expect(held).toMatchObject({ verdict: "unknown" });
    expect((held?.subjects ?? 0) + (split?.subjects ?? 0)).toBe(SUBJECTS);
    expect(held?.subjects).toBeGreaterThan(200);
  });

  const overridden = configOf({
    groups: [{ properties: [staff], rollout_percentage: 100, variant: "test" }, everyone],
  });

  it("leaves out subjects whose condition overrides the variant", async () => {
    const rows = await exported("posthog", overridden, withEmail);
    const { exitCode, verdicts } = await srm(rows, overridden);
    expect({ exitCode, verdicts }).toMatchObject({
      exitCode: 0,
      verdicts: [
        { allocation: "condition-0", verdict: "unknown", subjects: 600 },
        { allocation: "condition-1", verdict: "none", subjects: 2_400 },
      ],
    });
  });

  it("does not test rows whose attributes do not show the condition", async () => {
    const rows = await exported("posthog", overridden, () => null);
    expect(await srm(rows, overridden)).toMatchObject({
      exitCode: 2,
      verdicts: [{ allocation: null, verdict: "unknown", problem: NOT_SHOWN, subjects: 3_000 }],
    });
  });

  it("tests conditions with equal splits as one", async () => {
    const half = { properties: [staff], rollout_percentage: 50 };
    const config = configOf({ groups: [half, everyone] });
    const rows = await exported("posthog", config, () => null);
    expect((await srm(rows, config)).verdicts).toMatchObject([
      { allocation: null, verdict: "none", subjects: 3_000 },
    ]);
  });

  it("leaves out subjects with several variants", async () => {
    const config = configOf({ groups: [everyone] });
    const rows = Array.from({ length: 1_000 }, (_, i) => ({
      flag: "exp",
      person: `user-${i}`,
      variant: i < 100 ? "$multiple" : i % 2 === 0 ? "control" : "test",
      at: "2026-02-01T00:00:00Z",
    }));
    const map = ["--map", "flag=flag,subject=person,variation=variant,time=at"];
    const { exitCode, stderr, verdicts } = await srm(rows, config, map);
    expect(exitCode).toBe(0);
    expect(verdicts).toMatchObject([{ verdict: "none", subjects: 900 }]);
    expect(stderr).toContain("skipped 100 rows with several variations ($multiple)");
  });
});

describe("srm of Amplitude's rows", () => {
  const half = 21_474_836;
  const bucket = (variants: readonly [string, string]) => ({
    selector: ["context", "user", "user_id"],
    salt: "s",
    allocations: [
      {
        range: [0, 100],
        distributions: [
          { variant: variants[0], range: [0, half] },
          { variant: variants[1], range: [half, 2 * half + 1] },
        ],
      },
    ],
  });
  const isStaff = {
    selector: ["context", "user", "user_properties", "email"],
    op: "contains",
    values: ["@staff"],
  };
  const testers = {
    metadata: { segmentName: "testers" },
    variant: "on",
    conditions: [[isStaff]],
  };
  const configOf = (segments: readonly object[], more: object = {}): readonly object[] => [
    {
      key: "exp",
      metadata: { flagVersion: 3, ...more },
      variants: {
        on: { key: "on", value: "on" },
        off: { key: "off", value: "off" },
        control: { key: "control", value: "control" },
      },
      segments,
    },
  ];
  const split = (variants: readonly [string, string]) => ({
    metadata: { segmentName: "split" },
    bucket: bucket(variants),
  });

  ifWhole(it)("leaves out testers in an earlier segment", async () => {
    const config = configOf([testers, split(["on", "control"])]);
    const rows = await exported("amplitude, exposures", config, withEmail);
    expect(await srm(rows, config)).toMatchObject({
      exitCode: 0,
      verdicts: [
        { allocation: "testers", verdict: "unknown", subjects: 600 },
        { allocation: "split", verdict: "none", subjects: 2_400 },
      ],
    });
    const bare = await exported("amplitude, exposures", config, () => null);
    expect((await srm(bare, config)).verdicts).toMatchObject([{ problem: NOT_SHOWN }]);
  });

  ifWhole(it)("counts a variant that is named off, in exposures", async () => {
    const config = configOf([split(["on", "off"])]);
    const rows = await exported("amplitude, exposures", config, () => null);
    expect(await srm(rows, config)).toMatchObject({
      exitCode: 0,
      verdicts: [{ verdict: "none", subjects: 3_000 }],
    });
  });

  const assignments = (details: string | null, i: number): object => ({
    $insert_id: `m${i}`,
    user_id: `user-${i}`,
    event_type: "[Experiment] Assignment",
    event_time: "2026-02-01 00:00:00.000000",
    event_properties: {
      "exp.variant": i % 2 === 0 ? "on" : "off",
      ...(details === null ? {} : { "exp.details": details }),
    },
    user_properties: {},
  });
  const rest = { metadata: { segmentName: "All Other Users", default: true }, variant: "off" };
  const withDefault = configOf([split(["on", "off"]), rest]);

  it("counts a variant that is named off in the segments of assignments, but not the default", async () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => assignments("v3 rule:split", i)).concat(
      Array.from({ length: 400 }, (_, i) => ({
        ...assignments("v3 rule:All Other Users", 2 * i + 1),
        user_id: `other-${i}`,
      })),
    );
    expect(await srm(rows, withDefault)).toMatchObject({
      exitCode: 0,
      verdicts: [{ allocation: "split", verdict: "none", subjects: 1_000 }],
    });
  });

  ifWhole(it)(
    "does not test assignments that do not tell a variant named off from the default",
    async () => {
      const rows = Array.from({ length: 1_000 }, (_, i) => assignments(null, i));
      expect((await srm(rows, withDefault)).verdicts).toMatchObject([
        {
          verdict: "unknown",
          problem: "the events do not distinguish the variation off from no variation",
        },
      ]);
    },
  );

  ifWhole(it)(
    "does not test exposures without the default, which Amplitude does not send",
    async () => {
      const config = structuredClone(configOf([split(["on", "off"])])) as {
        variants: Record<string, object>;
      }[];
      for (const flag of config) flag.variants["off"] = { key: "off", metadata: { default: true } };
      const exposures = Array.from({ length: 1_000 }, (_, i) => ({
        ...assignments(null, i),
        event_type: "[Experiment] Exposure",
        event_properties: { "[Experiment] Flag Key": "exp", "[Experiment] Variant": "on" },
      }));
      expect((await srm(exposures, config)).verdicts).toMatchObject([
        {
          verdict: "unknown",
          problem: "no event names the variation off, which is not sent if it is the default",
        },
      ]);
    },
  );
});

describe("srm of a table without a column for the allocation", () => {
  it("finds the allocation from the attributes of each row", async () => {
    const config = structuredClone(experimentConfig(0.5)) as {
      flags: { checkout: { allocations: object[] } };
    };
    const { allocations } = config.flags.checkout;
    allocations.unshift({
      key: "staff",
      rules: [{ conditions: [{ attribute: "role", operator: "ONE_OF", value: ["staff"] }] }],
      splits: [{ variationKey: "a", shards: [] }],
      doLog: true,
    });
    const rows = Array.from({ length: 2_000 }, (_, i) => ({
      flag: "checkout",
      user: `user-${i}`,
      variant: i % 5 === 0 || i % 2 === 0 ? "a" : "b",
      at: "2026-02-01T00:00:00Z",
      role: i % 5 === 0 ? "staff" : "customer",
    }));
    const map = "flag=flag,subject=user,variation=variant,time=at";
    expect(await srm(rows, config, ["--map", `${map},attributes.role=role`])).toMatchObject({
      exitCode: 0,
      verdicts: [
        { allocation: "staff", verdict: "unknown", subjects: 400 },
        { allocation: "split", verdict: "none", subjects: 1_600 },
      ],
    });
    expect(await srm(rows, config, ["--map", map])).toMatchObject({
      exitCode: 2,
      verdicts: [{ allocation: null, verdict: "unknown", problem: NOT_SHOWN }],
    });
  });
});

describe("srm of a GrowthBook experiment that is split by company", () => {
  const rule = { key: "prices", variations: [1, 2], weights: [0.5, 0.5], coverage: 1 };
  const configOf = (more: object): object => ({
    features: {
      prices: { defaultValue: 1, rules: [{ ...rule, hashAttribute: "company", ...more }] },
    },
  });
  /** 400 companies, of which those with variation 1 have more users. */
  const table = Array.from({ length: 1_900 }, (_, i) => {
    const arm = i % 3 === 0 ? 0 : 1;
    return {
      user_id: `user-${i}`,
      timestamp: "2026-02-01T00:00:00Z",
      experiment_id: "prices",
      variation_id: `${arm}`,
      company: `c${2 * (i % 200) + arm}`,
    };
  });
  const map = ["--preset", "experiment", "--map", "attributes.company=company"];

  it("counts companies in a table without a flag column", async () => {
    const { exitCode, verdicts } = await srm(table, configOf({}), map);
    expect({ exitCode, verdicts }).toMatchObject({
      exitCode: 0,
      verdicts: [{ verdict: "none", subjects: 400 }],
    });
  });

  ifWhole(it)("does not take users for devices", async () => {
    const config = configOf({ hashAttribute: "deviceId" });
    const columns = ["--preset", "experiment"];
    expect((await srm(table, config, columns)).verdicts).toMatchObject([{ verdict: "unknown" }]);
    const devices = table.map(({ user_id, ...it }) => ({ ...it, device_id: user_id }));
    expect((await srm(devices, config, columns)).verdicts).toMatchObject([{ subjects: 1_900 }]);
  });

  it("counts users who lack the company by the attribute that is hashed instead", async () => {
    const config = configOf({ fallbackAttribute: "user_id" });
    const { verdicts } = await srm(table, config, ["--preset", "experiment"]);
    expect(verdicts).toMatchObject([{ subjects: 1_900 }]);
  });
});
