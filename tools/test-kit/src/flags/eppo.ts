import { allocationWriter, TOTAL_SHARDS } from "./allocations.js";
import type { BanditDefinition, Json } from "./definition.js";
import { objectOf } from "./json-object.js";
import { FormatError, type PayloadParts, type Writer } from "./writer.js";

const FORMAT = "Eppo";
const CREATED_AT = "2026-01-01T00:00:00.000Z";
const MODEL_VERSION = "v1";

const FLAGS = allocationWriter({
  format: FORMAT,
  ofFlag: { totalShards: TOTAL_SHARDS },
  ofShard: {},
  valueOf: (type, value) => (type === "json" ? JSON.stringify(value) : value),
  operatorOf: (kind) => kind.toUpperCase(),
});

/** Writes Eppo's UFC and its bandit models. */
export const eppoWriter: Writer = {
  ...FLAGS,
  format: FORMAT,
  empty: {
    flags: {
      createdAt: CREATED_AT,
      format: "SERVER",
      environment: { name: "Test" },
      flags: {},
      banditReferences: {},
    },
    bandits: { updatedAt: CREATED_AT, bandits: {} },
  },
  withBandit,
};

function withBandit(parts: PayloadParts, { actions, key }: BanditDefinition): PayloadParts {
  const bandits = objectOf(parts["bandits"]);
  const reference = {
    modelVersion: MODEL_VERSION,
    flagVariations: [
      { key, flagKey: key, allocationKey: "otherwise", variationKey: key, variationValue: key },
    ],
  };
  const model = {
    banditKey: key,
    modelName: "falcon",
    modelVersion: MODEL_VERSION,
    updatedAt: CREATED_AT,
    modelData: modelOf(actions),
  };
  const written = FLAGS.withFlag(parts, {
    key,
    type: "string",
    state: "active",
    variations: new Map([[key, key]]),
    rules: [],
    otherwise: { kind: "split", shares: [{ variation: key, percent: 100 }], isExperiment: true },
  });
  const flags = objectOf(written["flags"]);
  return {
    ...written,
    flags: {
      ...flags,
      banditReferences: { ...objectOf(flags["banditReferences"]), [key]: reference },
    },
    bandits: { ...bandits, bandits: { ...objectOf(bandits["bandits"]), [key]: model } },
  };
}

/** Any number above 1 works: `GAMMA` times the gap between the best score and `NEVER` must be infinite. */
const GAMMA = 2;
/** Score of an action with a probability of exactly 0. */
const NEVER = -Number.MAX_VALUE;

/**
 * Returns a model that gives each action its probability. Inverse gap weighting gives an action `1 / (n + gamma · gap)`, and
 * the best action the rest. We solve this for the gap to get the score.
 *
 * @see docs/guides/bandits.md, "How it chooses"
 */
function modelOf(actions: BanditDefinition["actions"]): Json {
  const [best] = [...actions].reduce((top, it) => (it[1] > top[1] ? it : top));
  const scoreOf = ([name, probability]: readonly [string, number]): number => {
    if (name === best) return 0;
    if (probability > 1 / actions.size + 1e-9) {
      throw new FormatError(
        `${FORMAT} cannot give "${name}" the probability ${probability}, because only the best of ${actions.size} actions can exceed 1/${actions.size}`,
      );
    }
    return probability === 0 ? NEVER : -Math.max(0, 1 / probability - actions.size) / GAMMA;
  };
  const coefficients = [...actions].map((action) => [
    action[0],
    {
      actionKey: action[0],
      intercept: scoreOf(action),
      subjectNumericCoefficients: [],
      subjectCategoricalCoefficients: [],
      actionNumericCoefficients: [],
      actionCategoricalCoefficients: [],
    },
  ]);
  return {
    gamma: GAMMA,
    defaultActionScore: NEVER,
    actionProbabilityFloor: 0,
    coefficients: Object.fromEntries(coefficients),
  };
}
