import { amplitude } from "@sortition/amplitude/dialect";
import type { Dialect } from "@sortition/core";
import { GrowthBookClient } from "@sortition/growthbook";
import { growthbook } from "@sortition/growthbook/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { describe, expect, it } from "vitest";
import { absent, rollout, split, type TestFlags, testFlags } from "../src/index.js";

const of = (dialect: Dialect): TestFlags => testFlags({ dialect });

describe("a flag that a format cannot express is rejected:", () => {
  it.each([
    [
      () => of(growthbook()).boolean("a").disabled(),
      "GrowthBook sends no feature that is switched off: describe it as missing()",
    ],
    [
      () => of(amplitude()).boolean("a").disabled(),
      "Amplitude sends no flag that is switched off: describe it as missing()",
    ],
    [
      () => of(growthbook()).bandit("a").choose("x"),
      "GrowthBook has no bandits whose actions are chosen by the caller",
    ],
    [() => of(amplitude()).bandit("a").choose("x"), "Amplitude has no bandits"],
    [() => of(posthog()).bandit("a").choose("x"), "PostHog has no bandits"],
    [
      () =>
        of(growthbook())
          .boolean("a")
          .otherwise(split({ on: 0.001 })),
      "GrowthBook cannot give 0.001%: it has 10000 shards",
    ],
    [
      () => of(posthog()).boolean("a").when({ plan: absent() }).give(true),
      "PostHog cannot decide absent() without its server: a property that is not given may be known there",
    ],
    [
      () => of(posthog()).string("a").variations({ x: "value" }),
      'PostHog cannot give the value "value": the value of variant "x" is its key',
    ],
    [
      () => {
        const flag = of(posthog()).string("a").variations("x", "y");
        return flag
          .when({ plan: "pro" })
          .give(split({ x: 50, y: 50 }))
          .otherwise(split({ x: 10, y: 90 }));
      },
      "PostHog has one split for all rules of a flag",
    ],
    [
      () => {
        const flag = of(posthog()).boolean("a").when({ plan: "free" }).give(false);
        return flag
          .when({ plan: "pro" })
          .give(rollout({ on: 50 }))
          .otherwise(true);
      },
      'PostHog cannot give "off" by one rule and pass subjects on to the next by another: its early exit is for the whole flag',
    ],
  ] as const)("%#", (call, problem) => {
    expect(call).toThrow(problem);
    expect(call).toThrow(/^flags\.\w+\("a"\)\.\w+\(/);
  });

  it("an unknown dialect is rejected with the names of those that have a writer", () => {
    expect(() => of({ ...growthbook(), name: "other" })).toThrow(
      'dialect: expected one of amplitude, datadog, eppo, growthbook, posthog, received "other"',
    );
  });
});

describe.each([
  { format: "growthbook", dialect: growthbook },
  { format: "amplitude", dialect: amplitude },
  { format: "posthog", dialect: posthog },
])("a flag of $format", ({ dialect }) => {
  it("is an issue of the configuration, or fails, if it is malformed", () => {
    const flags = of(dialect());
    flags.boolean("a").malformed();
    const client = flags.client();
    const { reason } = client.getBooleanAssignmentDetails("a", "u", {}, true);
    expect(reason).toBe("SORTITION_EVALUATION");
  });

  it("keeps its position, and is removed when it is missing", () => {
    const flags = of(dialect());
    flags.boolean("a").on();
    flags.boolean("b").on();
    flags.boolean("a").off();
    expect([...flags.client().getFlagKeys()]).toEqual(["a", "b"]);
    flags.boolean("a").missing();
    expect([...flags.client().getFlagKeys()]).toEqual(["b"]);
  });
});

it("a vendor's drop-in accepts the flags as its source, and has them after settled()", async () => {
  const flags = of(growthbook());
  const client = new GrowthBookClient({ source: flags });
  await client.init();
  flags.boolean("new-checkout").on();
  await flags.settled();
  expect(client.isOn("new-checkout", { attributes: { id: "u" } })).toBe(true);
  client.destroy();
});

it("a dialect that decrypts serves the flags after settled()", async () => {
  const flags = of(growthbook({ decryptionKey: "Zvwv/+uhpFDznZ6SX28Yjg==" }));
  const client = flags.client();
  flags.boolean("a").on();
  await flags.settled();
  expect(client.getBooleanAssignment("a", "u", {}, false)).toBe(true);
});
