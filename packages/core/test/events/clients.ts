import { createFakeClock, type FakeClock } from "@sortition/test-kit";
import type { Client, ClientOptions } from "../../src/index.js";
import { Configuration, createClient } from "../eppo-client.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Flags that assign the variation `bandit` to every subject. The bandit chooses between two shoes. */
export function shoes(flagKeys: readonly string[]): Configuration {
  const flag = (key: string) => ({
    key,
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { bandit: { key: "bandit", value: "bandit" } },
    allocations: [{ key: "all", doLog: true, splits: [{ variationKey: "bandit", shards: [] }] }],
  });
  const coefficients = (actionKey: string, intercept: number) => ({
    actionKey,
    intercept,
    subjectNumericCoefficients: [],
    subjectCategoricalCoefficients: [],
    actionNumericCoefficients: [],
    actionCategoricalCoefficients: [],
  });
  const banditKey = "shoes";
  const modelVersion = "v1";
  const flagVariations = flagKeys.map((flagKey) => ({
    key: banditKey,
    flagKey,
    variationKey: "bandit",
    variationValue: "bandit",
  }));
  return Configuration.from({
    flagsConfiguration: JSON.stringify({
      format: "SERVER",
      environment: { name: "Test" },
      flags: Object.fromEntries(flagKeys.map((key) => [key, flag(key)])),
      banditReferences: { [banditKey]: { modelVersion, flagVariations } },
    }),
    banditsConfiguration: JSON.stringify({
      bandits: {
        [banditKey]: {
          banditKey,
          modelName: "falcon",
          modelVersion,
          modelData: {
            gamma: 1,
            defaultActionScore: 0,
            actionProbabilityFloor: 0,
            coefficients: { nike: coefficients("nike", 1), adidas: coefficients("adidas", 0) },
          },
        },
      },
    }),
  });
}

/** Creates a client with these flags and a fake clock. */
export function createTestClient(
  options: ClientOptions,
  configuration: Configuration = shoes(["f", "g"]),
): { readonly client: Client; readonly clock: FakeClock } {
  const clock = createFakeClock();
  const client = createClient({
    initialConfiguration: configuration,
    diagnostics: SILENT,
    clock,
    ...options,
  });
  return { client, clock };
}
