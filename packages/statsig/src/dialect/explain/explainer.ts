import {
  type Answer,
  type Configuration,
  describeBroken,
  type ExplainedFlag,
  type Explainer,
  explaining,
  type FlagDescription,
  type FlagGetter,
  gettersFrom,
  outcomeOf,
  Recording,
} from "@sortition/core/dialect";
import type { StatsigConfiguration } from "../configuration.js";
import { FAILS, HOLDS, type Tested, UNRESOLVED, UNSUPPORTED } from "../evaluation/tested.js";
import { NamedFlag, parameterIn } from "../named-flag.js";
import type { Spec } from "../spec.js";
import { StatsigTrace } from "../trace.js";
import { readsOfSpec, STATSIG_ATTRIBUTES } from "./attributes.js";
import { type DescribedSpec, describeSpec } from "./describe.js";
import { explainSpec } from "./explain-spec.js";
import { type IdUnit, idOf, withId } from "./unit.js";
import { STATSIG_WORDS } from "./words.js";

/** Explains both of Statsig's dialects. Flags are evaluated by the same algorithm, which records its tests. */
export const statsigExplainer: Explainer = {
  words: STATSIG_WORDS,
  attributes: STATSIG_ATTRIBUTES,
  describe(configuration, flagKey) {
    const spec = specOf(configuration, flagKey);
    if (spec !== null) return describe(flagKey, spec, ours(configuration));
    const issue = configuration.issues.find((it) => it.flagKey === flagKey);
    return describeBroken(flagKey, issue?.message ?? "it cannot be decoded");
  },
  gettersOf(configuration, flagKey) {
    const spec = specOf(configuration, flagKey);
    return spec === null ? [] : gettersOfSpec(flagKey, spec, ours(configuration));
  },
  parametersOf(configuration, flagKey) {
    const spec = specOf(configuration, flagKey);
    const names =
      spec === null || spec.kind === "gate" ? [] : ours(configuration).parametersOf(spec);
    return names.map((it) => `${flagKey}.${it}`);
  },
  describeBandits: () => [],
  payloadKey: (configuration, flag) => (configuration.flag(flag) === null ? null : flag),
  readsOf(configuration, flagKey) {
    const spec = specOf(configuration, flagKey);
    return spec === null ? [] : readsOfSpec(spec, ours(configuration));
  },
  unitOf: (unit, subject) => idOf(unit as IdUnit, subject), // described by this dialect
  withUnit: (unit, subject, value) => withId(unit as IdUnit, subject, value), // described by this dialect
  explaining(configuration) {
    const original = ours(configuration);
    // A layer lists 1,000 buckets, so a flag is described once for all its subjects.
    const described = new Map<string, DescribedSpec>();
    return explaining(original, {
      createTrace(answered) {
        const recording = new Recording((it: Tested) => OUTCOMES[it]);
        return new StatsigTrace(recording, (it) => {
          answered(it, explainedFlag(it, recording, described));
        });
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

/** Casts a configuration. An explainer only receives configurations of its own dialects. */
function ours(configuration: Configuration): StatsigConfiguration {
  return configuration as StatsigConfiguration;
}

function specOf(configuration: Configuration, flagKey: string): Spec | null {
  return ours(configuration).flag(flagKey)?.spec ?? null;
}

/** Describes a flag. The description of a parameter has the parameter's values. */
function describe(key: string, spec: Spec, configuration: StatsigConfiguration): FlagDescription {
  const { description } = describeSpec(key, spec, configuration);
  const parameter = parameterOf(key, configuration);
  if (parameter === null) return description;
  const variations = description.variations.map((it) => {
    return { ...it, value: parameterIn(it.value, parameter) ?? null };
  });
  return { ...description, valueType: null, variations };
}

function parameterOf(key: string, configuration: StatsigConfiguration): string | null {
  const flag = configuration.flag(key);
  return flag instanceof NamedFlag ? flag.parameter : null;
}

const OUTCOMES = {
  [FAILS]: { outcome: "fails", reason: "" },
  [HOLDS]: { outcome: "holds", reason: "" },
  [UNSUPPORTED]: { outcome: "error", reason: "the vendor's SDK does not know it" },
  [UNRESOLVED]: {
    outcome: "unknown",
    reason: "it needs a lookup, or has a pattern that only the vendor's SDK can match",
  },
} as const;

function explainedFlag(
  { configuration, evaluation, flagKey }: Answer,
  recording: Recording,
  described: Map<string, DescribedSpec>,
): ExplainedFlag | null {
  const spec = configuration && specOf(configuration, flagKey);
  if (configuration === null || spec === null) return null;
  const known = described.get(flagKey) ?? describeSpec(flagKey, spec, ours(configuration));
  described.set(flagKey, known);
  const decided = evaluation.kind === "assigned" ? evaluation : null;
  return explainSpec(known, recording, decided);
}

function gettersOfSpec(
  key: string,
  spec: Spec,
  configuration: StatsigConfiguration,
): readonly FlagGetter[] {
  const { allocations, variations } = describe(key, spec, configuration);
  const served = new Set(allocations.flatMap(({ splits }) => splits.map((it) => it.variation)));
  const parameter = parameterOf(key, configuration);
  const outcomes = variations.map((it) => ({
    isAssigned: served.has(it.key),
    // A parameter that a group lacks has no value, so the getter returns its default.
    value: () => (parameter !== null && it.value === null ? undefined : it.value),
  }));
  return gettersFrom(outcomes, false);
}
