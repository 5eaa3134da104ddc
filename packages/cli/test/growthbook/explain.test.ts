import { describe, expect, it } from "vitest";
import { jsonFile, run } from "../run.js";

const PAYLOAD = {
  features: {
    beta: { defaultValue: false, rules: [{ condition: { plan: "pro" }, force: true }] },
    checkout: {
      defaultValue: "old",
      rules: [
        {
          id: "pilot",
          parentConditions: [{ id: "beta", condition: { value: true } }],
          condition: { country: { $in: ["DK", "SE"] }, age: { $gte: 18 } },
          coverage: 0.25,
          force: "pilot",
        },
        {
          id: "test",
          key: "checkout-test",
          hashVersion: 2,
          filters: [{ seed: "ns", ranges: [[0, 0.9]] }],
          variations: ["old", "new"],
          meta: [{ key: "control" }, { key: "treatment" }],
          weights: [0.3, 0.7],
          coverage: 0.5,
        },
      ],
    },
    broken: { rules: [{ filters: 5, force: 1 }] },
  },
};

async function command(name: string, ...args: string[]) {
  const config = jsonFile("growthbook-explain.json", PAYLOAD);
  return await run([name, ...args, "--dialect", "growthbook", "--config", config, "--json"]);
}

async function explain(flag: string, subject: string, attributes: object) {
  const { stdout } = await command(
    "explain",
    flag,
    "--subject",
    subject,
    "--attributes",
    JSON.stringify(attributes),
  );
  return JSON.parse(stdout);
}

describe("sortition explain --dialect growthbook", () => {
  it("shows the condition that fails, and the split that applies", async () => {
    const explained = await explain("checkout", "user-2", { plan: "pro", country: "NO" });
    expect(explained).toMatchObject({
      reason: "rule",
      result: { source: "experiment", experimentResult: { key: "treatment", bucket: 0.472 } },
      allocations: [
        {
          key: "pilot",
          outcome: "no-rule-holds",
          decidedBy: [{ kind: "condition", rule: 0, condition: 1 }],
          rules: [
            {
              outcome: "fails",
              conditions: [
                { attribute: "feature beta", operator: "prerequisite", outcome: "holds" },
                { attribute: "country", outcome: "fails", actual: "NO", reason: 'it is "NO"' },
                { attribute: "age", outcome: "not-reached" },
              ],
            },
          ],
          splits: [{ outcome: "not-reached" }],
        },
        {
          key: "test",
          outcome: "applies",
          rules: [{ outcome: "holds", conditions: [{ operator: "filter", actual: "user-2" }] }],
          splits: [
            { variation: "control", outcome: "fails", shards: [{ outcome: "fails" }] },
            {
              variation: "treatment",
              outcome: "holds",
              shards: [{ shard: 4720, totalShards: 10_000, outcome: "holds" }],
            },
          ],
        },
        { key: "default", outcome: "not-reached" },
      ],
    });
  });

  it("shows the shard that keeps a subject out of a rollout", async () => {
    const { allocations } = await explain("checkout", "user-2", {
      plan: "pro",
      country: "DK",
      age: 18,
    });
    expect(allocations[0]).toMatchObject({
      outcome: "no-split-matches",
      splits: [{ shards: [{ totalShards: 1000, ranges: [{ start: 0, end: 251 }] }] }],
    });
  });

  it("shows an evaluation error", async () => {
    const explained = await explain("broken", "user-2", {});
    expect(explained).toMatchObject({
      reason: "error",
      errorCode: "SORTITION_DECODE",
      throws: '$.features["broken"].rules[0].filters: expected an array',
      allocations: [{ outcome: "error" }],
    });
  });
});

describe("sortition inspect --dialect growthbook", () => {
  it("describes rules as allocations, with their traffic", async () => {
    const { exitCode, stdout } = await command("inspect");
    const { flags, issues } = JSON.parse(stdout);
    expect(exitCode).toBe(1);
    expect(issues).toMatchObject([{ flagKey: "broken", code: "malformed" }]);
    const [beta, checkout] = flags;
    expect(beta.allocations.map((it: { key: string }) => it.key)).toEqual(["0", "default"]);
    expect(checkout).toMatchObject({
      key: "checkout",
      isEnabled: true,
      variations: [
        { key: "force", value: "pilot" },
        { key: "control", value: "old" },
        { key: "treatment", value: "new" },
        { key: "default", value: "old" },
      ],
      allocations: [
        { key: "pilot", traffic: { byVariation: { force: 0.251 }, unassigned: 0.749 } },
        {
          key: "test",
          isLogged: true,
          traffic: { byVariation: { control: 0.15, treatment: 0.35 }, unassigned: 0.5 },
          splits: [
            { shards: [{ salt: "checkout-test", ranges: [{ start: 0, end: 1500 }] }] },
            { shards: [{ ranges: [{ start: 3000, end: 6500 }] }] },
          ],
        },
        { key: "default" },
      ],
    });
  });
});
