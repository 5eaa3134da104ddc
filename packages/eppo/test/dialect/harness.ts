import { eppo, eppoExplainer } from "@sortition/core/eppo";
import type { DialectHarness } from "@sortition/dialect-kit/dialect-contract";

const ALL = [{ salt: "s", ranges: [{ start: 0, end: 10_000 }] }];

function flag(key: string, variationType: string, value: unknown, more: object = {}): object {
  return {
    key,
    enabled: true,
    variationType,
    totalShards: 10_000,
    variations: { on: { key: "on", value }, off: { key: "off", value } },
    allocations: [
      {
        key: "gold",
        rules: [{ conditions: [{ attribute: "plan", operator: "ONE_OF", value: ["gold"] }] }],
        startAt: "2020-01-01T00:00:00.000Z",
        splits: [{ variationKey: "on", shards: ALL, extraLogging: { holdout: "none" } }],
        doLog: true,
      },
    ],
    ...more,
  };
}

function flagsBody(text: string, threshold: number): object {
  return {
    createdAt: "2026-01-01T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: {
      text: flag("text", "STRING", text),
      choice: flag("choice", "BOOLEAN", true),
      count: flag("count", "INTEGER", threshold),
      rate: flag("rate", "NUMERIC", 0.5),
      layout: flag("layout", "JSON", '{"columns":[1,2]}'),
      off: flag("off", "STRING", "never", { enabled: false }),
      shoes: flag("shoes", "STRING", "runner"),
    },
    banditReferences: {
      runner: {
        modelVersion: "v1",
        flagVariations: [
          { key: "runner", flagKey: "shoes", variationKey: "on", variationValue: "runner" },
        ],
      },
    },
  };
}

const MODELS = {
  bandits: {
    runner: {
      banditKey: "runner",
      modelName: "falcon",
      modelVersion: "v1",
      updatedAt: "2026-01-01T00:00:00.000Z",
      modelData: {
        gamma: 1,
        defaultActionScore: 0,
        actionProbabilityFloor: 0.1,
        coefficients: {
          nike: {
            actionKey: "nike",
            intercept: 1,
            subjectNumericCoefficients: [
              { attributeKey: "age", coefficient: 0.5, missingValueCoefficient: 0 },
            ],
            subjectCategoricalCoefficients: [],
            actionNumericCoefficients: [],
            actionCategoricalCoefficients: [
              { attributeKey: "colour", valueCoefficients: { red: 1 }, missingValueCoefficient: 0 },
            ],
          },
        },
      },
    },
  },
};

function experiment(key: string, share: number): object {
  const half = (variationKey: string, start: number): object => {
    return {
      variationKey,
      shards: [{ salt: "s", ranges: [{ start, end: start + 5_000 * share }] }],
    };
  };
  const splits = [half("on", 0), half("off", 5_000 * share)];
  const variations = { on: { key: "on", value: "on" }, off: { key: "off", value: "off" } };
  return flag(key, "STRING", "", {
    variations,
    allocations: [{ key: "all", splits, doLog: true }],
  });
}

function experimentsBody(...experiments: readonly (readonly [string, number])[]): object {
  return {
    ...{ createdAt: "2026-01-01T00:00:00.000Z", format: "SERVER", environment: { name: "Test" } },
    flags: Object.fromEntries(experiments.map(([key, share]) => [key, experiment(key, share)])),
  };
}

const GOLD = { subjectKey: "alice", attributes: { plan: "gold", age: 30 } };

/** Eppo's dialect: plain flags of each type, and a bandit. */
export const EPPO_HARNESS: DialectHarness = {
  name: "eppo",
  createDialect: (options) => eppo(options),
  documents: { flags: flagsBody("blue", 3), bandits: MODELS },
  calls: [
    { ...GOLD, flagKey: "text", type: "string", value: "blue" },
    { ...GOLD, flagKey: "choice", type: "boolean", value: true },
    { ...GOLD, flagKey: "count", type: "integer", value: 3 },
    { ...GOLD, flagKey: "rate", type: "numeric", value: 0.5 },
    { ...GOLD, flagKey: "layout", type: "json", value: { columns: [1, 2] } },
    { ...GOLD, flagKey: "shoes", type: "string", value: "runner" },
    { ...GOLD, flagKey: "off", type: "string" },
    { ...GOLD, flagKey: "missing", type: "string" },
    { flagKey: "text", subjectKey: "bob", attributes: { plan: "free" }, type: "string" },
  ],
  exposures: { call: { ...GOLD, flagKey: "text", type: "string" }, events: ["text-gold on"] },
  independentFlag: { key: "text", part: "flags", path: ["flags", "text"] },
  changedFlag: { key: "text", documents: { flags: flagsBody("green", 3), bandits: MODELS } },
  halves: { flags: experimentsBody(["half", 1]), bandits: { bandits: {} } },
  experiments: {
    flags: experimentsBody(["fifth", 0.2], ["most", 0.8]),
    bandits: { bandits: {} },
  },
  explainer: eppoExplainer,
};
