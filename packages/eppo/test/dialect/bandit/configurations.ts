import { jsonTextOf, type Random } from "@sortition/dialect-kit/differential";
import { type GeneratedModel, generateModel } from "./models.js";

/** Names of all edge cases of flags with bandits. */
export const FLAG_EDGES: readonly string[] = [
  "several bandits",
  "disabled",
  "integer flag",
  "no model",
  "model of an inherited name",
  "same value twice",
  "not logged",
  "rules",
  "reference without a key",
];

/** A flag, and the values for which bandits choose actions. */
export interface GeneratedFlag {
  readonly key: string;
  readonly wire: object;
  /** References in their original order. */
  readonly references: readonly {
    readonly value: unknown;
    readonly model: GeneratedModel | null;
  }[];
  readonly edges: readonly string[];
}

/** A flags body and a models body as JSON. */
export interface GeneratedBandits {
  readonly flagsText: string;
  readonly modelsText: string;
  readonly flags: readonly GeneratedFlag[];
  readonly models: readonly GeneratedModel[];
}

/** Generates flags with bandits, each with its own models. */
export function generateBandits(random: Random, modelCount: number): GeneratedBandits {
  const models = random.times(modelCount, (i) => generateModel(random, `bandit ${i}`));
  const references = new Map<string, { modelVersion: string; flagVariations: object[] }>();
  const flags = models.map((model, i) =>
    generateFlag(random, `flag ${i}`, model, models, references),
  );
  return {
    flagsText: jsonTextOf({
      createdAt: "2026-01-01T00:00:00.000Z",
      format: "SERVER",
      environment: { name: "Test" },
      flags: Object.fromEntries(flags.map(({ key, wire }) => [key, wire])),
      banditReferences: Object.fromEntries(references),
    }),
    modelsText: jsonTextOf({ bandits: Object.fromEntries(models.map((it) => [it.key, it.wire])) }),
    flags,
    models,
  };
}

function generateFlag(
  random: Random,
  key: string,
  model: GeneratedModel,
  models: readonly GeneratedModel[],
  references: Map<string, { modelVersion: string; flagVariations: object[] }>,
): GeneratedFlag {
  const edge = random.chance(0.7) ? null : random.deal("flag edges", FLAG_EDGES);
  const found: { value: unknown; model: GeneratedModel | null }[] = [];
  const refer = (
    bandit: string | undefined,
    value: string,
    target: GeneratedModel | null,
  ): void => {
    const mapKey = bandit ?? "without key";
    const reference = references.get(mapKey) ?? { modelVersion: "v", flagVariations: [] };
    references.set(mapKey, reference);
    reference.flagVariations.push({
      key: bandit,
      flagKey: key,
      variationKey: value,
      variationValue: value,
    });
    found.push({ value, model: target });
  };
  if (edge === "reference without a key") refer(undefined, "a", null);
  else if (edge === "no model") refer("nobody", "a", null);
  else if (edge === "model of an inherited name") refer("constructor", "a", null);
  else refer(model.key, "a", model);
  if (edge === "several bandits") refer(models[0]?.key, "b", models[0] ?? null);
  if (edge === "same value twice") refer(models[0]?.key, "a", models[0] ?? null);
  return {
    key,
    wire: {
      key,
      enabled: edge !== "disabled",
      variationType: edge === "integer flag" ? "INTEGER" : "STRING",
      totalShards: 10_000,
      variations: {
        a: { key: "a", value: "a" },
        b: { key: "b", value: "b" },
        control: { key: "control", value: "" },
      },
      allocations: [
        {
          key: "all",
          doLog: edge !== "not logged",
          rules: edge === "rules" ? RULES : [],
          splits: [
            split("a", key, 0, 6_000),
            split("b", key, 6_000, 8_500),
            split("control", key, 8_500, 9_800),
          ],
        },
      ],
    },
    references: found,
    edges: edge === null ? [] : [edge],
  };
}

const RULES: readonly object[] = [
  { conditions: [{ attribute: "country", operator: "ONE_OF", value: ["DK", "true", "1"] }] },
  { conditions: [{ attribute: "age", operator: "GTE", value: 30 }] },
];

function split(variationKey: string, salt: string, start: number, end: number): object {
  return { variationKey, shards: [{ salt, ranges: [{ start, end }] }] };
}
