import {
  type Answer,
  type Configuration,
  type Dialect,
  describeBroken,
  type ExplainedFlag,
  type Explainer,
  type ExplainingConfiguration,
  explaining,
  outcomeOf,
  readsOfAllocations,
  unitValue,
  withAttribute,
} from "@sortition/core/dialect";
import { causeText, valueText } from "@sortition/core/dialect-internal";
import type { PosthogConfiguration } from "../configuration.js";
import type { PosthogExtras } from "../extras.js";
import { type PosthogDetails, PosthogTrace } from "../trace.js";
import { POSTHOG_ATTRIBUTES, POSTHOG_COMMAND_OPTIONS, readsOfFilter } from "./attributes.js";
import { describeFlag, PERSON } from "./describe.js";
import { explainFlag } from "./explain-flag.js";
import { gettersOfFlag } from "./getters.js";
import { missingFor } from "./missing.js";
import { Observations } from "./observations.js";
import { POSTHOG_WORDS } from "./words.js";

/** Explains PostHog's dialect. Flags are evaluated by the same algorithm, and their filters are observed. */
export const posthogExplainer: Explainer = {
  words: POSTHOG_WORDS,
  attributes: POSTHOG_ATTRIBUTES,
  commandOptions: POSTHOG_COMMAND_OPTIONS,
  describe(configuration, flagKey) {
    const definition = ours(configuration).flag(flagKey)?.definition ?? null;
    if (definition !== null) return describeFlag(definition, ours(configuration));
    const issue = configuration.issues.find((it) => it.flagKey === flagKey);
    return describeBroken(flagKey, issue?.message ?? "it has other evaluation contexts");
  },
  gettersOf(configuration, flagKey) {
    const flag = ours(configuration).flag(flagKey);
    return flag === null ? [] : gettersOfFlag(flag);
  },
  describeBandits: () => [],
  payloadKey: ({ flagKeys }, flag) => (flagKeys.has(flag) ? flag : null),
  readsOf: (configuration, flagKey) =>
    readsOfAllocations(posthogExplainer.describe(configuration, flagKey), (it) =>
      readsOfFilter(it, configuration),
    ),
  unitOf: (unit, subject) =>
    (unit.name === PERSON.name && subject.person) || unitValue(unit, subject),
  withUnit: ({ attributes: [name = ""] }, { attributes }, value) =>
    withAttribute(attributes, name, value),
  explaining: observe,
  answer(_, question, evaluate) {
    const { details, explanation } = evaluate(question);
    const { unresolvedReason, value } = details.evaluationDetails as PosthogDetails; // created by this dialect
    const unresolved = unresolvedReason === null ? "undefined" : `unresolved (${unresolvedReason})`;
    const outcome = outcomeOf(
      () => {
        // Quirk: without a distinct id nothing is evaluated, and nothing is thrown (posthog).
        if (explanation.error !== null && question.subjectKey !== "") {
          throw new Error(explanation.error);
        }
        return value;
      },
      (it) => (it === null ? unresolved : valueText(it)),
    );
    return { type: null, ...outcome, explanation };
  },
};

/** Casts a configuration. An explainer only receives configurations of its own dialect. */
function ours(configuration: Configuration): PosthogConfiguration {
  return configuration as PosthogConfiguration;
}

function observe(configuration: Configuration): ExplainingConfiguration {
  const observations = new Observations();
  const original = ours(configuration);
  return explaining(original, {
    errorText: causeText,
    createTrace(answered) {
      observations.clear();
      return new PosthogTrace((answer) => answered(answer, explainedFlag(answer, observations)));
    },
    observed: (dialect) =>
      original.recompiled(
        dialect as Dialect<PosthogDetails, PosthogExtras>, // the same dialect with another trace
        (definition) => observations.observed(definition),
      ),
  });
}

function explainedFlag(
  { configuration, evaluation, flagKey }: Answer,
  observations: Observations,
): ExplainedFlag | null {
  const definition = configuration && ours(configuration).flag(flagKey)?.definition;
  if (!definition) return null;
  const flag = explainFlag(describeFlag(definition, ours(configuration)), definition, observations);
  if (evaluation.kind === "error") return flag;
  return { ...flag, missing: missingFor(definition, ours(configuration), observations) };
}
