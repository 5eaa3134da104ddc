import {
  type Answer,
  type Configuration,
  type Dialect,
  type Explainer,
  type ExplainingConfiguration,
  type Explanation,
  messageOf,
} from "@sortition/core/dialect";
import type { PosthogConfiguration } from "../configuration.js";
import type { PosthogExtras } from "../extras.js";
import { type PosthogDetails, PosthogTrace } from "../trace.js";
import { describeBroken, describeFlag } from "./describe.js";
import { explainFlag } from "./explain-flag.js";
import { Observations } from "./observations.js";

/** Explains PostHog's dialect: each flag is evaluated by the same algorithm, with its filters observed. */
export const posthogExplainer: Explainer = {
  describe(configuration, flagKey) {
    const definition = ours(configuration).flag(flagKey)?.definition ?? null;
    if (definition !== null) return describeFlag(definition);
    const issue = configuration.issues.find((it) => it.flagKey === flagKey);
    return describeBroken(flagKey, issue?.message ?? "it has other evaluation contexts");
  },
  describeBandits: () => [],
  explaining,
};

/** An explainer receives configurations of its own dialect only. */
function ours(configuration: Configuration): PosthogConfiguration {
  return configuration as PosthogConfiguration;
}

function explaining(configuration: Configuration): ExplainingConfiguration {
  const observations = new Observations();
  let last: Explanation | null = null;
  const original = ours(configuration);
  const dialect: Dialect<PosthogDetails, PosthogExtras> = {
    ...(original.dialect as Dialect<PosthogDetails, PosthogExtras>), // its own
    createTrace: () => {
      observations.clear();
      return new PosthogTrace((answer) => {
        last = explain(answer, observations);
      });
    },
  };
  const observed = original.recompiled(dialect, (definition) => observations.observed(definition));
  return { configuration: observed, explanation: () => last };
}

function explain(answer: Answer, observations: Observations): Explanation {
  const { configuration, evaluation, flagKey, override, subjectKey } = answer;
  const definition =
    configuration === null ? null : (ours(configuration).flag(flagKey)?.definition ?? null);
  const flag =
    definition === null ? null : explainFlag(describeFlag(definition), definition, observations);
  const common = { flagKey, subjectKey, flag };
  if (override !== null) return { ...common, reason: "override", error: null };
  switch (evaluation.kind) {
    case "assigned":
      return { ...common, reason: "assigned", error: null };
    case "default":
      return { ...common, reason: evaluation.reason, error: null };
    case "error": {
      const { cause, code, message } = evaluation.error;
      const error = cause === undefined ? message : messageOf(cause);
      return { ...common, reason: code, error };
    }
  }
}
