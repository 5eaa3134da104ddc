import {
  type Answer,
  type Configuration,
  DecodeError,
  type Dialect,
  type ExplainedFlag,
  type Explainer,
  explaining,
  outcomeOf,
} from "@sortition/core/dialect";
import type { LaunchdarklyConfiguration } from "../configuration.js";
import type { FlagDefinition } from "../flag-definition.js";
import type { Served } from "../flag-parts.js";
import { LaunchdarklyTrace } from "../trace.js";
import { LAUNCHDARKLY_ATTRIBUTES } from "./attributes.js";
import { describeBroken, describeFlag } from "./describe.js";
import { explainFlag } from "./explain-flag.js";
import { gettersOfFlag } from "./getters.js";
import { Observations } from "./observations.js";
import { LAUNCHDARKLY_WORDS } from "./words.js";

/** Explains LaunchDarkly's dialect. Flags are evaluated by the same algorithm, and their parts are observed. */
export const launchdarklyExplainer: Explainer = {
  words: LAUNCHDARKLY_WORDS,
  attributes: LAUNCHDARKLY_ATTRIBUTES,
  describe(configuration, flagKey) {
    const definition = definitionOf(configuration, flagKey);
    if (definition !== null) return describeFlag(definition);
    const issue = configuration.issues.find((it) => it.flagKey === flagKey);
    return describeBroken(flagKey, issue?.message ?? "the flag was deleted");
  },
  gettersOf(configuration, flagKey) {
    const definition = definitionOf(configuration, flagKey);
    return definition === null ? [] : gettersOfFlag(definition);
  },
  describeBandits: () => [],
  payloadKey: ({ flagKeys }, flag) => (flagKeys.has(flag) ? flag : null),
  hashedBy(configuration, { key }) {
    const definition = definitionOf(configuration, key);
    const hashed = new Set(definition === null ? [] : rolloutsOf(definition));
    const [only = "user key"] = hashed;
    // Rollouts by several attributes do not follow each other.
    return hashed.size > 1 ? null : only;
  },
  explaining(configuration) {
    const observations = new Observations();
    const original = ours(configuration);
    return explaining(original, {
      createTrace(answered) {
        observations.clear();
        return new LaunchdarklyTrace((it) => answered(it, explainedFlag(it, observations)));
      },
      observed: (dialect: Dialect) =>
        original.recompiled(dialect, (definition) => observations.observed(definition)),
    });
  },
  answer(_, question, evaluate) {
    const { expectedType } = question;
    const { details, explanation } = evaluate(question);
    return { type: expectedType ?? null, ...outcomeOf(() => details.value), explanation };
  },
};

/** Casts a configuration. An explainer only receives configurations of its own dialect. */
function ours(configuration: Configuration): LaunchdarklyConfiguration {
  return configuration as LaunchdarklyConfiguration;
}

function definitionOf(configuration: Configuration, flagKey: string): FlagDefinition | null {
  return ours(configuration).flag(flagKey)?.definition ?? null;
}

function explainedFlag(
  { configuration, flagKey }: Answer,
  observations: Observations,
): ExplainedFlag | null {
  const definition = configuration && definitionOf(configuration, flagKey);
  return definition ? explainFlag(definition, observations) : null;
}

/** Returns what each rollout of a flag hashes. */
function rolloutsOf({ fallthrough, rules }: FlagDefinition): readonly string[] {
  const ofRules = rules instanceof DecodeError ? [] : rules;
  const served: readonly Served[] = [
    ...ofRules.flatMap((it) => (it instanceof DecodeError ? [] : [it.served])),
    fallthrough,
  ];
  return served.flatMap((it) => {
    if (it.kind === "variation") return [];
    const { kind, reference } = it.bucketing;
    return [`${kind} ${reference.names.join("/")}`];
  });
}
