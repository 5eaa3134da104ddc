import {
  type Answer,
  type Configuration,
  type Dialect,
  type ExplainedFlag,
  type Explainer,
  explaining,
  outcomeOf,
  readsOfAllocations,
  withAttribute,
} from "@sortition/core/dialect";
import { hashedText } from "@sortition/core/dialect-internal";
import type { LaunchdarklyConfiguration } from "../configuration.js";
import { EvaluationContext } from "../context/evaluation-context.js";
import type { FlagDefinition } from "../flag-definition.js";
import { LaunchdarklyTrace } from "../trace.js";
import { LAUNCHDARKLY_ATTRIBUTES, readsOfCondition } from "./attributes.js";
import { type ContextUnit, describeBroken, describeFlag, USER } from "./describe.js";
import { explainFlag } from "./explain-flag.js";
import { gettersOfFlag } from "./getters.js";
import { Observations } from "./observations.js";
import { LAUNCHDARKLY_WORDS } from "./words.js";

/** The context whose unit is read, reused for each subject. */
const READ = /* @__PURE__ */ new EvaluationContext();

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
  readsOf: (configuration, flagKey) =>
    readsOfAllocations(launchdarklyExplainer.describe(configuration, flagKey), (it) =>
      readsOfCondition(it, configuration),
    ),
  unitOf(unit, { attributes, key }) {
    const { kind, reference } = unit as ContextUnit; // described by this dialect
    const isContext = READ.useSubject(key, attributes) === null;
    const value = isContext ? READ.valueOf(reference, kind) : undefined;
    READ.clear();
    const isHashed = ["string", "bigint"].includes(typeof value) || Number.isInteger(value);
    return isHashed ? hashedText(value) : null;
  },
  withUnit(unit, { attributes, key }, value) {
    const { kind, reference } = unit as ContextUnit; // described by this dialect
    const path = reference.names.join(".");
    if (kind === USER && attributes["kind"] !== "multi") {
      return withAttribute(attributes, path, value);
    }
    const several = attributes["kind"] === "multi" ? attributes : { user: { ...attributes, key } };
    const own = { [kind]: { key: `${kind}-of-${key}` }, ...several, kind: "multi" };
    return withAttribute(own, `${kind}.${path}`, value);
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
