import type {
  Answer,
  Configuration,
  Dialect,
  Explainer,
  Explanation,
} from "@sortition/core/dialect";
import type { GrowthbookConfiguration } from "../configuration.js";
import { GrowthbookTrace } from "../details.js";
import { CompiledFeature } from "../evaluation/feature.js";
import type { FeatureResult } from "../wire.js";
import { describeFeature } from "./describe.js";
import { explainFeature } from "./explain.js";
import { Observations } from "./observations.js";

/** Describes GrowthBook's features and explains their evaluations. */
export const growthbookExplainer: Explainer = {
  describe: (configuration, flagKey) => describeFeature(flagKey, featureOf(configuration, flagKey)),
  describeBandits: () => [],
  explaining(configuration) {
    let latest: Explanation | null = null;
    const own = configuration as GrowthbookConfiguration; // an explainer is given its dialect's
    const dialect: Dialect = {
      ...own.dialect,
      createTrace() {
        const observations = new Observations();
        return new GrowthbookTrace({
          reached: observations.reached,
          tested: observations.tested,
          onAnswer: (answer, result) => {
            latest = explanationOf(answer, result, observations);
          },
        });
      },
    };
    return { configuration: own.withDialect(dialect), explanation: () => latest };
  },
};

function featureOf(configuration: Configuration, key: string): CompiledFeature | null {
  const feature = configuration.flag(key);
  return feature instanceof CompiledFeature ? feature : null;
}

function explanationOf(
  { configuration, evaluation, flag, flagKey, override, subjectKey }: Answer,
  result: FeatureResult,
  observations: Observations,
): Explanation {
  const isThere = configuration !== null && flag instanceof CompiledFeature;
  const outcome = evaluation.kind === "error" && evaluation.error.cause ? null : result.source;
  const explained = isThere
    ? explainFeature(
        describeFeature(flagKey, flag),
        flag,
        override === null ? outcome : null,
        observations,
      )
    : null;
  const common = { flagKey, subjectKey, flag: explained };
  if (override !== null) return { ...common, reason: "override", error: null };
  if (evaluation.kind === "assigned") return { ...common, reason: "assigned", error: null };
  if (evaluation.kind === "default") {
    return { ...common, reason: evaluation.reason, error: null };
  }
  const { code, message } = evaluation.error;
  return { ...common, reason: code, error: message };
}
