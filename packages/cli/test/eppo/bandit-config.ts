const numeric = (attributeKey: string, coefficient: number) => ({
  attributeKey,
  coefficient,
  missingValueCoefficient: 0.3,
});
const categorical = (attributeKey: string, valueCoefficients: object) => ({
  attributeKey,
  valueCoefficients,
  missingValueCoefficient: -0.7,
});

const shoe = (intercept: number): object => ({
  intercept,
  subjectNumericCoefficients: [numeric("age", 0.013)],
  subjectCategoricalCoefficients: [categorical("country", { DK: 0.37, "1": 0.9, true: 1.1 })],
  actionNumericCoefficients: [numeric("price", -0.0171)],
  actionCategoricalCoefficients: [categorical("colour", { red: 0.77 })],
});

const model = (banditKey: string, coefficients: object, more: object = {}): object => ({
  banditKey,
  modelName: "falcon",
  modelVersion: `${banditKey}-v1`,
  updatedAt: "2026-01-05T00:00:00.000Z",
  modelData: {
    gamma: 1,
    defaultActionScore: 0.1,
    actionProbabilityFloor: 0.2,
    coefficients,
    ...more,
  },
});

/** A bandit with coefficients for some actions, a bandit without coefficients, and a bandit that cannot choose. */
export const MODELS: object = {
  updatedAt: "2026-01-05T00:00:00.000Z",
  bandits: {
    shoes: model("shoes", { nike: shoe(0.4), adidas: shoe(0.5), "10": shoe(0.6) }),
    cold: model("cold", {}),
    broken: model("broken", { nike: { intercept: 1 } }),
  },
};

const flag = (key: string, values: readonly string[], more: object = {}): object => ({
  key,
  enabled: true,
  variationType: "STRING",
  totalShards: 10_000,
  variations: Object.fromEntries(values.map((value) => [value, { key: value, value }])),
  allocations: [
    {
      key: `${key}-all`,
      doLog: true,
      splits: values.map((variationKey, i) => ({
        variationKey,
        shards: [
          {
            salt: key,
            ranges: [
              { start: (i * 10_000) / values.length, end: ((i + 1) * 10_000) / values.length },
            ],
          },
        ],
        extraLogging: { holdout: "h" },
      })),
    },
  ],
  ...more,
});

const reference = (key: string, flagKeys: readonly string[]): object => ({
  modelVersion: `${key}-v1`,
  flagVariations: flagKeys.map((flagKey) => ({
    key,
    flagKey,
    allocationKey: `${flagKey}-all`,
    variationKey: key,
    variationValue: key,
  })),
});

/** Flags with these bandits. */
export const BANDIT_FLAGS: object = {
  createdAt: "2026-01-05T00:00:00.000Z",
  format: "SERVER",
  environment: { name: "Test" },
  flags: {
    shop: flag("shop", ["shoes", "cold", "control"]),
    all: flag("all", ["shoes"]),
    failing: flag("failing", ["broken"]),
    off: flag("off", ["shoes"], { enabled: false }),
    "wrong-type": flag("wrong-type", ["shoes"], { variationType: "INTEGER" }),
    "no-bandit": flag("no-bandit", ["a", "b"]),
    json: flag("json", ['{"a":1}'], { variationType: "JSON" }),
  },
  banditReferences: {
    shoes: reference("shoes", ["shop", "all", "off", "wrong-type"]),
    cold: reference("cold", ["shop"]),
    broken: reference("broken", ["failing"]),
  },
};
