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
  withAttribute,
} from "@sortition/core/dialect";
import { hashedText } from "@sortition/core/dialect-internal";
import type { LaunchdarklyConfiguration } from "../configuration.js";
import { EvaluationContext } from "../context/evaluation-context.js";
import { FAILS, HOLDS, MALFORMED, type Tested, UNRESOLVED } from "../evaluation/test-outcome.js";
import type { FlagDefinition } from "../flag-definition.js";
import { PREREQUISITES_ALLOCATION } from "../flag-parts.js";
import { LaunchdarklyTrace } from "../trace.js";
import { LAUNCHDARKLY_ATTRIBUTES, readsOfCondition } from "./attributes.js";
import { type ContextUnit, describeFlag, USER } from "./describe.js";
import { gettersOfFlag } from "./getters.js";
import { LAUNCHDARKLY_WORDS } from "./words.js";

/** The context whose unit is read, reused for each subject. */
const READ = /* @__PURE__ */ new EvaluationContext();

/** Explains LaunchDarkly's dialect. Flags are evaluated by the same algorithm, which records its tests. */
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
    const original = ours(configuration);
    return explaining(original, {
      createTrace(answered) {
        const recording = new Recording((it: Tested) => OUTCOMES[it]);
        return new LaunchdarklyTrace(recording, (it) => answered(it, explainedFlag(it, recording)));
      },
      observed: (dialect) => original.withDialect(dialect),
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

const OUTCOMES = {
  [FAILS]: { outcome: "fails", reason: "" },
  [HOLDS]: { outcome: "holds", reason: "" },
  [MALFORMED]: { outcome: "error", reason: "it is malformed" },
  [UNRESOLVED]: { outcome: "unknown", reason: "it needs a big segment" },
} as const;

function explainedFlag(
  { configuration, flagKey }: Answer,
  recording: Recording,
): ExplainedFlag | null {
  const definition = configuration && definitionOf(configuration, flagKey);
  if (definition === null) return null;
  return recording.explain(describeFlag(definition), (recorded) => {
    const { key, tried } = recorded;
    if (key !== PREREQUISITES_ALLOCATION || tried === "not-reached") return recorded;
    // Which prerequisite failed is not recorded, so only its absence is certain.
    const outcome = tried === "holds" ? "unknown" : tried;
    return { ...recorded, condition: () => ({ outcome, actual: undefined, reason: "" }) };
  });
}
