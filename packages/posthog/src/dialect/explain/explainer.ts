import {
  type Answer,
  type Configuration,
  describeBroken,
  type ExplainedFlag,
  type Explainer,
  explaining,
  outcomeOf,
  Recording,
  readsOfAllocations,
  unitValue,
  withAttribute,
} from "@sortition/core/dialect";
import { causeText, valueText } from "@sortition/core/dialect-internal";
import type { TestedFilter } from "../condition/condition.js";
import type { Tri } from "../condition/tri.js";
import type { PosthogConfiguration } from "../configuration.js";
import { type PosthogDetails, PosthogTrace } from "../trace.js";
import { POSTHOG_ATTRIBUTES, POSTHOG_COMMAND_OPTIONS, readsOfFilter } from "./attributes.js";
import { describeFlag, PERSON } from "./describe.js";
import { explainFlag, readTest } from "./explain-flag.js";
import { gettersOfFlag } from "./getters.js";
import { type MissingByAllocation, missingFor } from "./missing.js";
import { POSTHOG_WORDS } from "./words.js";

/** Explains PostHog's dialect. Flags are evaluated by the same algorithm, which records its tests. */
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
  explaining(configuration) {
    const original = ours(configuration);
    return explaining(original, {
      errorText: causeText,
      createTrace(answered) {
        const missing: MissingByAllocation = new Map();
        const recording = new Recording((tested: Tri, filter?: TestedFilter) =>
          readTest(tested, filter, missing),
        );
        return new PosthogTrace(recording, (answer) =>
          answered(answer, explainedFlag(answer, recording, missing)),
        );
      },
      observed: (dialect) => original.recompiled(dialect),
    });
  },
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

function explainedFlag(
  { configuration, evaluation, flagKey }: Answer,
  recording: Recording,
  missing: MissingByAllocation,
): ExplainedFlag | null {
  const definition = configuration && ours(configuration).flag(flagKey)?.definition;
  if (!definition) return null;
  const flag = explainFlag(describeFlag(definition, ours(configuration)), recording);
  if (evaluation.kind === "error") return flag;
  return { ...flag, missing: missingFor(flag, definition, ours(configuration), missing) };
}
