import type { Random } from "@sortition/dialect-kit/differential";

/** Start time of programs. Time windows of allocations open and close around it. */
export const START_MS: number = Date.UTC(2026, 0, 15, 12);

/** The bodies of a server's responses. */
export interface Bodies {
  readonly flags: Wire;
  readonly bandits: Wire;
}

type Wire = Readonly<Record<string, unknown>>;

/** Values of the flags by type. A type's flag has the type as its name. */
export const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  STRING: ["red", "green", ""],
  BOOLEAN: [true, false],
  INTEGER: [0, 3, -1],
  NUMERIC: [0.5, 10, 1e21],
  JSON: ['{"a":[1,{"b":null}]}', "[]", '{"a":2}'],
  offer: ["bandit-1", "bandit-2", "none"],
  container: ["control", "treatment-1", "treatment-2", "treatment-x", "other"],
};

/** Keys of flags that programs evaluate. */
export const FLAG_KEYS: readonly string[] = Object.keys(VALUES);

/** Names of the actions that models know. */
export const ACTIONS: readonly string[] = ["nike", "adidas", "puma"];

/** The two bandits of the flag `offer`. */
const BANDITS: readonly string[] = ["bandit-1", "bandit-2"];

const CONDITIONS: readonly Wire[] = [
  { attribute: "plan", operator: "ONE_OF", value: ["pro", "5"] },
  { attribute: "plan", operator: "NOT_ONE_OF", value: ["free"] },
  { attribute: "plan", operator: "MATCHES", value: "^p" },
  { attribute: "plan", operator: "NOT_MATCHES", value: "free|pro" },
  { attribute: "age", operator: "GTE", value: 30 },
  { attribute: "age", operator: "LT", value: 30 },
  { attribute: "version", operator: "GT", value: "1.2.0" },
  { attribute: "age", operator: "IS_NULL", value: true },
  { attribute: "plan", operator: "IS_NULL", value: false },
  { attribute: "id", operator: "ONE_OF", value: ["alice", "bob"] },
];

/** Generates a server's responses. */
export function generateBodies(random: Random, hasBandits: boolean): Bodies {
  const flags = FLAG_KEYS.flatMap((key) =>
    random.chance(0.9) ? [[key, generateFlag(random, key)]] : [],
  );
  const modelVersion = random.pick(["v1", "v2"]);
  return {
    flags: {
      createdAt: random.pick(["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"]),
      format: "SERVER",
      environment: { name: random.pick(["Test", "Production"]) },
      flags: Object.fromEntries(flags),
      banditReferences: hasBandits ? referencesOf(modelVersion) : {},
    },
    bandits: {
      bandits: Object.fromEntries(
        BANDITS.map((key) => [key, generateModel(random, key, modelVersion)]),
      ),
    },
  };
}

function generateFlag(random: Random, key: string): Wire {
  const variations = (VALUES[key] ?? []).map((value, i) => ({ key: `v${i}`, value }));
  return {
    key,
    enabled: random.chance(0.95),
    variationType: key === key.toUpperCase() ? key : "STRING",
    variations: Object.fromEntries(variations.map((it) => [it.key, it])),
    allocations: random.times(random.integer(0, 3), (i) =>
      generateAllocation(random, `allocation-${i}`, variations.length),
    ),
    totalShards: 10_000,
    ...(random.chance(0.2) ? { entityId: 7 } : {}),
  };
}

function generateAllocation(random: Random, key: string, variations: number): Wire {
  const soon = new Date(START_MS + random.integer(-2, 3) * 1_000).toISOString();
  const rules = random.times(random.integer(1, 2), () => ({
    conditions: random.times(random.integer(1, 2), () => random.pick(CONDITIONS)),
  }));
  return {
    key,
    ...(random.chance(0.4) ? { rules } : {}),
    ...(random.chance(0.15) ? { startAt: soon } : {}),
    ...(random.chance(0.15) ? { endAt: soon } : {}),
    doLog: random.chance(0.85),
    splits: generateSplits(random, variations),
  };
}

function generateSplits(random: Random, variations: number): readonly Wire[] {
  const cut = random.chance(0.4) ? 10_000 : random.integer(0, 10_000);
  return [
    [0, cut],
    [cut, random.pick([10_000, cut])],
  ].map(([start, end]) => ({
    variationKey: `v${random.integer(0, variations - 1)}`,
    shards: random.chance(0.2) ? [] : [{ salt: "salt", ranges: [{ start, end }] }],
    ...(random.chance(0.2) ? { extraLogging: { holdoutKey: "h", holdoutVariation: "on" } } : {}),
  }));
}

function referencesOf(modelVersion: string): Wire {
  const variations = BANDITS.map((key, i) => ({
    key,
    flagKey: "offer",
    allocationKey: "allocation-0",
    variationKey: `v${i}`,
    variationValue: key,
  }));
  return Object.fromEntries(
    variations.map((it) => [it.key, { modelVersion, flagVariations: [it] }]),
  );
}

function generateModel(random: Random, banditKey: string, modelVersion: string): Wire {
  const amount = (): number => random.integer(-20, 20) / 10;
  const coefficients = ACTIONS.map((actionKey) => [
    actionKey,
    {
      actionKey,
      intercept: amount(),
      subjectNumericCoefficients: [
        { attributeKey: "age", coefficient: amount(), missingValueCoefficient: amount() },
      ],
      subjectCategoricalCoefficients: [
        {
          attributeKey: "plan",
          valueCoefficients: { pro: amount(), free: amount() },
          missingValueCoefficient: amount(),
        },
      ],
      actionNumericCoefficients: [
        { attributeKey: "price", coefficient: amount(), missingValueCoefficient: amount() },
      ],
      actionCategoricalCoefficients: [],
    },
  ]);
  return {
    banditKey,
    modelName: "falcon",
    modelVersion,
    modelData: {
      gamma: random.pick([0, 1, 10]),
      defaultActionScore: amount(),
      actionProbabilityFloor: random.pick([0, 0.1]),
      coefficients: Object.fromEntries(coefficients),
    },
  };
}
