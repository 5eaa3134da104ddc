import type { ContextAttributes } from "@sortition/eppo";
import { seededRandom } from "@sortition/test-kit/random";
import { received } from "../../workload/subjects.js";
import { eppoWriter, TOTAL_SHARDS } from "./writer.js";

/** Number of attributes of each kind, for the subject and for each action. */
const PER_KIND = 5;
const CATEGORIES: readonly string[] = ["red", "green", "blue", "black", "white", "grey"];

export const BANDIT_FLAG = "shoe-offer";
const BANDIT = "shoe-bandit";

/** Returns the bytes of a flag that assigns the bandit to all subjects. */
export function banditFlagBytes(): Uint8Array {
  const flag = {
    key: BANDIT_FLAG,
    enabled: true,
    variationType: "STRING",
    variations: { [BANDIT]: { key: BANDIT, value: BANDIT } },
    allocations: [{ key: "training", splits: [{ variationKey: BANDIT, shards: [] }], doLog: true }],
    totalShards: TOTAL_SHARDS,
  } as const;
  const flagVariations = [
    { key: BANDIT, flagKey: BANDIT_FLAG, variationKey: BANDIT, variationValue: BANDIT },
  ];
  return eppoWriter.bytes([flag], {
    banditReferences: { [BANDIT]: { modelVersion: "v1", flagVariations } },
  });
}

/** Returns the bytes of the bandit's model, with coefficients for all attributes of each action. */
export function banditModelBytes(actionCount: number): Uint8Array {
  const random = seededRandom(actionCount);
  const amount = (): number => random() * 2 - 1;
  const numeric = () =>
    names("n").map((attributeKey) => ({
      attributeKey,
      coefficient: amount() / 100,
      missingValueCoefficient: amount(),
    }));
  const categorical = () =>
    names("c").map((attributeKey) => ({
      attributeKey,
      valueCoefficients: Object.fromEntries(CATEGORIES.map((value) => [value, amount()])),
      missingValueCoefficient: amount(),
    }));
  const coefficients = actionNames(actionCount).map((actionKey) => [
    actionKey,
    {
      actionKey,
      intercept: amount(),
      subjectNumericCoefficients: numeric(),
      subjectCategoricalCoefficients: categorical(),
      actionNumericCoefficients: numeric(),
      actionCategoricalCoefficients: categorical(),
    },
  ]);
  const model = {
    banditKey: BANDIT,
    modelName: "falcon",
    modelVersion: "v1",
    updatedAt: "2024-04-17T19:40:53.716Z",
    modelData: {
      gamma: 1,
      defaultActionScore: 0,
      actionProbabilityFloor: 0.2,
      coefficients: Object.fromEntries(coefficients),
    },
  };
  return new TextEncoder().encode(JSON.stringify({ bandits: { [BANDIT]: model } }));
}

export function actions(count: number): Readonly<Record<string, ContextAttributes>> {
  const random = seededRandom(count + 1);
  return Object.fromEntries(actionNames(count).map((name) => [name, attributes(random)]));
}

export function attributes(random: () => number): ContextAttributes {
  const category = (): string => CATEGORIES[Math.floor(random() * CATEGORIES.length)] ?? "";
  return {
    numericAttributes: Object.fromEntries(names("n").map((name) => [name, random() * 100])),
    categoricalAttributes: Object.fromEntries(
      names("c").map((name) => [name, received(category())]),
    ),
  };
}

function actionNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `shoe-model-${i}`);
}

function names(kind: string): readonly string[] {
  return Array.from({ length: PER_KIND }, (_, i) => `${kind}${i}`);
}
