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
      "GrowthBook does not send features that are switched off. Use missing() instead",
    ],
    [
      () => of(amplitude()).boolean("a").disabled(),
      "Amplitude does not send flags that are switched off. Use missing() instead",
    ],
    [
      () => of(growthbook()).bandit("a").choose("x"),
      "GrowthBook has no bandits that choose among actions of the caller",
    ],
    [() => of(amplitude()).bandit("a").choose("x"), "Amplitude has no bandits"],
    [() => of(posthog()).bandit("a").choose("x"), "PostHog has no bandits"],
    [
      () =>
        of(growthbook())
          .boolean("a")
          .otherwise(split({ on: 0.001 })),
      "GrowthBook cannot express 0.001%, because it has 10000 shards",
    ],
    [
      () => of(posthog()).boolean("a").when({ plan: absent() }).give(true),
      "PostHog cannot evaluate absent() locally, because its server may know the property",
    ],
    [
      () => of(posthog()).string("a").variations({ x: "value" }),
      'PostHog cannot give the value "value" to the variant "x", because a variant\'s value is its key',
    ],
    [
      () => {
        const flag = of(posthog()).string("a").variations("x", "y");
        return flag
          .when({ plan: "pro" })
          .give(split({ x: 50, y: 50 }))
          .otherwise(split({ x: 10, y: 90 }));
      },
      "PostHog supports only one split per flag",
    ],
    [
      () => {
        const flag = of(posthog()).boolean("a").when({ plan: "free" }).give(false);
        return flag
          .when({ plan: "pro" })
          .give(rollout({ on: 50 }))
          .otherwise(true);
      },
      'PostHog cannot give "off" in one rule and continue to the next rule in another, because its early exit applies to the whole flag',
    ],
  ] as const)("%#", (call, problem) => {
    expect(call).toThrow(problem);
    expect(call).toThrow(/^flags\.\w+\("a"\)\.\w+\(/);
  });

  it("an unknown dialect is rejected with the names of those that have a writer", () => {
    expect(() => of({ ...growthbook(), name: "other" })).toThrow(
      'dialect: expected one of amplitude, datadog, eppo, growthbook, launchdarkly, posthog, statsig, received "other"',
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
    const { errorCode } = client.getBooleanAssignmentDetails("a", "u", {}, true);
    expect(errorCode).toMatch(/DECODE|EVALUATION/);
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
