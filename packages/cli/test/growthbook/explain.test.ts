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
  },
};

async function explain(flag: string, subject: string, attributes: object) {
  const config = jsonFile("growthbook-explain.json", PAYLOAD);
  const args = ["explain", flag, "--subject", subject, "--attributes", JSON.stringify(attributes)];
  const { stdout } = await run([...args, "--dialect", "growthbook", "--config", config, "--json"]);
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
});
