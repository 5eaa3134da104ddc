import type { Test } from "../flags/conditions.js";
import type {
  BanditDefinition,
  FlagDefinition,
  FlagType,
  Json,
  Outcome,
  Rule,
} from "../flags/definition.js";
import { type JsonObject, objectOf, without } from "./json-object.js";
import { partsOf } from "./shards.js";
import { FormatError, type PayloadParts, type Writer } from "./writer.js";

const FORMAT = "Eppo";
const TOTAL_SHARDS = 10_000;
const CREATED_AT = "2026-01-01T00:00:00.000Z";
const MODEL_VERSION = "v1";

const TYPES: Readonly<Record<FlagType, string>> = {
  boolean: "BOOLEAN",
  string: "STRING",
  integer: "INTEGER",
  number: "NUMERIC",
  json: "JSON",
};

/** Writes Eppo's UFC and its bandit models. */
export const eppoWriter: Writer = {
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
  typeOf(parts, key) {
    const type = objectOf(flagsOf(parts)[key])["variationType"];
    return (Object.keys(TYPES) as FlagType[]).find((name) => TYPES[name] === type) ?? null;
  },
  withFlag(parts, flag) {
    const flags = flagsOf(parts);
    const { key, state } = flag;
    return {
      ...parts,
      flags: {
        ...objectOf(parts["flags"]),
        flags: state === "missing" ? without(flags, key) : { ...flags, [key]: flagWire(flag) },
      },
    };
  },
  withBandit,
};

function flagsOf(parts: PayloadParts): JsonObject {
  return objectOf(objectOf(parts["flags"])["flags"]);
}

function flagWire({ key, otherwise, rules, state, type, variations }: FlagDefinition): Json {
  return {
    key,
    enabled: state !== "disabled",
    variationType: TYPES[type],
    totalShards: TOTAL_SHARDS,
    variations: Object.fromEntries(
      [...variations].map(([name, value]) => [
        name,
        { key: name, value: type === "json" ? JSON.stringify(value) : value },
      ]),
    ),
    allocations:
      state === "malformed"
        ? "malformed"
        : [
            ...rules.map((rule, i) => allocation(key, `rule-${i + 1}`, rule.outcome, rule)),
            ...(otherwise === null ? [] : [allocation(key, "otherwise", otherwise, null)]),
          ],
  };
}

function allocation(flagKey: string, key: string, outcome: Outcome, rule: Rule | null): Json {
  const conditions = rule === null ? [] : conditionsOf(rule);
  return {
    key,
    doLog: outcome.kind === "split" && outcome.isExperiment,
    ...(conditions.length === 0 ? {} : { rules: [{ conditions }] }),
    splits: splitsOf(outcome, `${flagKey}-${key}`),
  };
}

function splitsOf(outcome: Outcome, salt: string): Json {
  if (outcome.kind === "give") return [{ variationKey: outcome.variation, shards: [] }];
  return partsOf(outcome, TOTAL_SHARDS, FORMAT).map(({ end, start, variation }) => ({
    variationKey: variation,
    shards: [{ salt, ranges: [{ start, end }] }],
  }));
}

function conditionsOf({ conditions, subjects }: Rule): readonly Json[] {
  const ofAttributes = conditions.map(({ attribute, test }) => ({ attribute, ...testWire(test) }));
  // Eppo's clients set the attribute `id` of each subject to its key.
  return subjects === null
    ? ofAttributes
    : [...ofAttributes, { attribute: "id", operator: "ONE_OF", value: subjects }];
}

function testWire(test: Test): JsonObject {
  switch (test.kind) {
    case "one-of":
      return { operator: "ONE_OF", value: test.values.map(String) };
    case "none-of":
      return { operator: "NOT_ONE_OF", value: test.values.map(String) };
    case "matches":
      return { operator: "MATCHES", value: test.pattern };
    case "does-not-match":
      return { operator: "NOT_MATCHES", value: test.pattern };
    case "present":
    case "absent":
      return { operator: "IS_NULL", value: test.kind === "absent" };
    default:
      return { operator: test.kind.toUpperCase(), value: test.value };
  }
}

function withBandit(parts: PayloadParts, { actions, key }: BanditDefinition): PayloadParts {
  const flags = objectOf(parts["flags"]);
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
  const flag = flagWire({
    key,
    type: "string",
    state: "active",
    variations: new Map([[key, key]]),
    rules: [],
    otherwise: { kind: "split", shares: [{ variation: key, percent: 100 }], isExperiment: true },
  });
  return {
    ...parts,
    flags: {
      ...flags,
      flags: { ...flagsOf(parts), [key]: flag },
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
