import { ifWhole, isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, parseLines, run, tempFile } from "../run.js";

const VARIANTS = ["a", "b"].map((key) => ({ key, rollout_percentage: 50 }));

/** A PostHog flag that splits in halves. */
function posthog(members: object = {}): object {
  const filters = { groups: [{ properties: [] }], multivariate: { variants: VARIANTS } };
  return { flags: [{ id: 1, key: "test", active: true, filters, ...members }] };
}

/** A GrowthBook feature with the same split. */
function growthbook(hashAttribute: string, weight = 0.5): object {
  const rule = { key: "test", variations: ["a", "b"], weights: [weight, 1 - weight] };
  return { features: { test: { rules: [{ ...rule, hashAttribute, hashVersion: 2 }] } } };
}

/** A LaunchDarkly flag that splits organisations in halves. */
function launchdarkly(): object {
  const variations = [0, 1].map((variation) => ({ variation, weight: 50_000 }));
  const flag = { key: "test", version: 1, on: true, salt: "s", variations: ["a", "b"] };
  return {
    flags: { test: { ...flag, fallthrough: { rollout: { contextKind: "org", variations } } } },
    segments: {},
  };
}

const BY_DEVICE = { bucketing_identifier: "device_id" };

interface Report {
  readonly notMeasured: string | null;
  readonly splits: readonly {
    readonly verdict: string;
    readonly units: {
      readonly old: { readonly name: string; readonly count: number };
      readonly areSame: boolean;
    } | null;
    readonly pValue: number | null;
    readonly shares: readonly { readonly old: number }[];
  }[];
}

/** Compares flags for 1,000 users, who share 20 devices. */
async function between(
  [oldDialect, old]: readonly [string, object],
  [newDialect, now]: readonly [string, object],
  isMadeUp = false,
): Promise<Report> {
  const paths = [old, now].map((it, i) => jsonFile(`between-${i}.json`, it));
  const subjects = Array.from({ length: 1_000 }, (_, i) => {
    const id = `device-${i % 20}`;
    const contexts = { kind: "multi", user: { key: `user-${i}` }, org: { key: id } };
    const attributes = { $device_id: id, device: id };
    const isLaunchdarkly = oldDialect === "launchdarkly";
    return {
      subjectKey: `user-${i}`,
      subjectAttributes: isLaunchdarkly ? contexts : attributes,
    };
  });
  const given = isMadeUp ? [] : ["--subjects", tempFile("between.ndjson", ndjson(subjects))];
  const dialects = ["--dialect", oldDialect, "--dialect-new", newDialect];
  const { stdout } = await run(["diff", ...paths, ...dialects, ...given, "--json"]);
  return parseLines(stdout)[0] as unknown as Report;
}

describe("diff of two vendors that hash devices", () => {
  it("counts the 20 devices, and not the 1,000 users who share them", async () => {
    const sides = [
      ["posthog", posthog(BY_DEVICE)],
      ["growthbook", growthbook("device")],
    ] as const;
    const { notMeasured, splits } = await between(...sides);
    expect(notMeasured).toBeNull();
    expect(splits).toMatchObject([
      { verdict: "shares-agree", units: { areSame: true, old: { name: "device", count: 20 } } },
    ]);
    expect(splits[0]?.shares.reduce((sum, { old }) => sum + old, 0)).toBe(20);
  });
});

describe("diff of two vendors that hash different units", () => {
  const cases = [
    {
      old: ["launchdarkly", launchdarkly()],
      now: ["posthog", posthog()],
      text: "OLD hashes org (20 values), NEW hashes distinct id (1,000 values)",
    },
    {
      old: ["posthog", posthog(BY_DEVICE)],
      now: ["growthbook", growthbook("id")],
      text: "OLD hashes device (20 values), NEW hashes id (1,000 values)",
    },
    {
      old: ["growthbook", growthbook("id")],
      now: ["posthog", posthog(BY_DEVICE)],
      text: "OLD hashes id (1,000 values), NEW hashes device (20 values)",
    },
  ] as const;

  it.each(cases.filter((_, i) => isInPart(i)))("reports $text", async ({ now, old, text }) => {
    const { notMeasured, splits } = await between(old, now);
    expect(splits).toMatchObject([{ verdict: "units-differ", pValue: null }]);
    expect(notMeasured).toBe(`the hashed unit changed: ${text}`);
  });

  ifWhole(it)("asks for subjects if the subjects are made up", async () => {
    const sides = [
      ["posthog", posthog(BY_DEVICE)],
      ["growthbook", growthbook("id")],
    ] as const;
    const { notMeasured } = await between(...sides, true);
    expect(notMeasured).toBe(
      "OLD hashes device, NEW hashes id, and the subjects are made up. Add --subjects FILE",
    );
  });
});
