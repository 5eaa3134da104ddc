import type { Explainer, FlagDescription, HashedUnit } from "@sortition/core/dialect";
import { DIALECT_CHECKS } from "@sortition/dialect-kit/dialect-contract";
import { describe, expect, it } from "vitest";
import { launchdarklyExplainer } from "../../src/explain.js";
import { HARNESS } from "./harness.js";

const PLACES = "places subjects by the unit that it describes";
const SHARES = "describes the shares of its experiments as it logs them";

async function checkRule(explainer: Explainer, rule: string): Promise<void> {
  const found = DIALECT_CHECKS.find(({ name }) => name === rule);
  if (found === undefined) throw new Error(`no such rule: ${rule}`);
  await found.check({ ...HARNESS, explainer });
}

type Allocation = FlagDescription["allocations"][number];

/** Describes allocations with a fault. */
function describing(change: (allocation: Allocation) => Partial<Allocation>): Partial<Explainer> {
  return {
    describe(configuration, flagKey) {
      const flag = launchdarklyExplainer.describe(configuration, flagKey);
      const allocations = flag.allocations.map((it) => ({ ...it, ...change(it) }));
      return { ...flag, allocations };
    },
  };
}

const USER: HashedUnit = { name: "user", attributes: [] };

/** Wrong descriptions that have the right types. */
const LIES: readonly {
  readonly lie: string;
  readonly told: Partial<Explainer>;
  readonly rule: string;
}[] = [
  {
    lie: "every rollout hashes the user",
    told: {
      ...describing(({ unit }) => ({ unit: unit && { ...unit, ...USER } })),
      unitOf: (_, { key }) => key || null,
    },
    rule: PLACES,
  },
  {
    lie: "a rollout hashes another attribute",
    told: {
      unitOf: ({ name }, { attributes }) => (attributes[name] as string | undefined) ?? null,
      withUnit: ({ name }, { attributes }, value) => ({ ...attributes, [name]: value }),
    },
    rule: PLACES,
  },
  {
    lie: "a subject without an org is an org",
    told: {
      unitOf: (unit, subject) => launchdarklyExplainer.unitOf(unit, subject) ?? "none",
    },
    rule: PLACES,
  },
  {
    lie: "everybody takes part in an experiment",
    told: describing(() => ({ participants: null })),
    rule: SHARES,
  },
  {
    lie: "everybody who gets a variation takes part, and the events tell them apart",
    told: describing(({ traffic }) => ({ participants: traffic?.byVariation ?? null })),
    rule: SHARES,
  },
];

describe("the dialect contract", () => {
  it.each(LIES)("finds the lie that $lie", async ({ rule, told }) => {
    await checkRule(launchdarklyExplainer, rule);
    await expect(checkRule({ ...launchdarklyExplainer, ...told }, rule)).rejects.toThrow();
  });
});
