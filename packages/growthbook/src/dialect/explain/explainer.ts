import {
  type Answer,
  type Configuration,
  type ExplainedFlag,
  type Explainer,
  explaining,
  outcomeOf,
  readsOfAllocations,
  type UnitSubject,
} from "@sortition/core/dialect";
import { hashedText } from "@sortition/core/dialect-internal";
import type { GrowthbookConfiguration } from "../configuration.js";
import { evaluateAutoExperiments, evaluateFeature } from "../evaluate-user.js";
import { CompiledFeature } from "../evaluation/feature/feature.js";
import { GrowthbookTrace } from "../trace.js";
import type { FeatureResult } from "../wire.js";
import { GROWTHBOOK_ATTRIBUTES, readsOfCondition } from "./attributes.js";
import { describeFeature, KEY } from "./describe.js";
import { explainFeature } from "./explain.js";
import { gettersOfFeature } from "./getters.js";
import { Observations } from "./observations.js";
import { GROWTHBOOK_WORDS } from "./words.js";

/** Describes GrowthBook's features and explains their evaluations. */
export const growthbookExplainer: Explainer = {
  words: GROWTHBOOK_WORDS,
  attributes: GROWTHBOOK_ATTRIBUTES,
  describe: (configuration, flagKey) => describeFeature(flagKey, featureOf(configuration, flagKey)),
  gettersOf(configuration, flagKey) {
    const feature = featureOf(configuration, flagKey);
    return feature === null ? [] : gettersOfFeature(feature);
  },
  defaultValueOf: (configuration, flagKey) =>
    // The default value is described as the last variation.
    describeFeature(flagKey, featureOf(configuration, flagKey)).variations.findLast(
      ({ key }) => key === "default",
    )?.value,
  describeBandits: () => [],
  payloadKey: ({ flagKeys }, flag) => (flagKeys.has(flag) ? flag : null),
  readsOf: (configuration, flagKey) =>
    readsOfAllocations(growthbookExplainer.describe(configuration, flagKey), readsOfCondition),
  unitOf({ attributes: names }, { attributes, key }) {
    const own: UnitSubject["attributes"] = { [KEY]: key, ...attributes };
    if (names.length === 0) return hashedText(key);
    const hashed = names.find((name) => own[name]); // a falsy value is treated as missing
    return hashed === undefined ? null : hashedText(own[hashed]);
  },
  withUnit: ({ attributes: [name = KEY] }, { attributes }, value) => ({
    ...attributes,
    [name]: value,
  }),
  explaining(configuration) {
    const own = configuration as GrowthbookConfiguration; // an explainer is only used with its own dialect
    return explaining(own, {
      createTrace(answered) {
        const observations = new Observations();
        return new GrowthbookTrace({
          reached: observations.reached,
          tested: observations.tested,
          onAnswer: (answer, result) => {
            answered(answer, explainedFeature(answer, result, observations));
          },
        });
      },
      observed: (dialect) => own.withDialect(dialect),
    });
  },
  answer(configuration, question, evaluate) {
    const own = configuration as GrowthbookConfiguration; // an explainer is only used with its own dialect
    const attributes = { id: question.subjectKey, ...question.attributes };
    const subjectKey = `${attributes.id}`;
    const { explanation } = evaluate({ ...question, subjectKey, attributes });
    const outcome = outcomeOf(() => {
      const user = { attributes };
      evaluateAutoExperiments(own, user);
      return evaluateFeature(own, question.flagKey, user).value;
    });
    return { type: null, ...outcome, explanation };
  },
};

function featureOf(configuration: Configuration, key: string): CompiledFeature | null {
  const feature = configuration.flag(key);
  return feature instanceof CompiledFeature ? feature : null;
}

function explainedFeature(
  { configuration, evaluation, flag, flagKey, override }: Answer,
  { source }: FeatureResult,
  observations: Observations,
): ExplainedFlag | null {
  if (configuration === null || !(flag instanceof CompiledFeature)) return null;
  const isMade = override === null && !(evaluation.kind === "error" && evaluation.error.cause);
  const description = describeFeature(flagKey, flag);
  return explainFeature(description, flag, isMade ? source : null, observations);
}
