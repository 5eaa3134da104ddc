import {
  type Answer,
  type Configuration,
  DecodeError,
  describeBroken,
  type ExplainedFlag,
  type Explainer,
  type Explanation,
  explaining,
  isJsonObject,
  outcomeOf,
  type Recording,
  readsOfAllocations,
  type UnitSubject,
  unitValue,
  withAttribute,
} from "@sortition/core/dialect";
import { hashedText, messageOf, valueText } from "@sortition/core/dialect-internal";
import { type AmplitudeConfiguration, createConfiguration } from "../configuration.js";
import { DependencyCycleError, evaluateUser, toVariants } from "../evaluation/evaluate-user.js";
import { EvaluationCall } from "../evaluation/evaluation-call.js";
import type { Outcome } from "../evaluation/outcome.js";
import { AmplitudeFlag, decideInto } from "../flag.js";
import { AmplitudeTrace } from "../trace.js";
import type { ExperimentUser } from "../user.js";
import { AMPLITUDE_ATTRIBUTES, readsOfCondition } from "./attributes.js";
import { describeFlag, wireOf } from "./describe.js";
import { createRecording, explainFlag } from "./explain-flag.js";
import { gettersOfFlag } from "./getters.js";
import { userOfSubject } from "./user-of-subject.js";
import { AMPLITUDE_WORDS } from "./words.js";

/** Describes the flags of this dialect and explains the results of typed getters. */
export const amplitudeExplainer: Explainer = {
  words: AMPLITUDE_WORDS,
  attributes: AMPLITUDE_ATTRIBUTES,
  describe(configuration, flagKey) {
    const flag = configuration.flag(flagKey);
    return flag instanceof AmplitudeFlag
      ? describeFlag(flag, configuration)
      : describeBroken(flagKey, "no such flag");
  },
  gettersOf(configuration, flagKey) {
    const flag = configuration.flag(flagKey);
    if (!(flag instanceof AmplitudeFlag)) return [];
    const { cycle } = (configuration as AmplitudeConfiguration).planOf(flagKey); // the configuration belongs to this dialect
    return gettersOfFlag(flag, wireOf(configuration, flagKey), cycle !== null);
  },
  describeBandits: () => [],
  payloadKey: ({ flagKeys }, flag) => (flagKeys.has(flag) ? flag : null),
  readsOf(configuration, flagKey) {
    const description = amplitudeExplainer.describe(configuration, flagKey);
    const { dependencies } = wireOf(configuration, flagKey);
    const flags = Array.isArray(dependencies) ? dependencies.map(String) : [];
    return readsOfAllocations(description, readsOfCondition).map((it) => ({ ...it, flags }));
  },
  unitOf(unit, { attributes, key }) {
    const { user_properties: nested } = attributes;
    const own = isJsonObject(nested) ? { ...nested, ...attributes } : attributes;
    const [group] = unit.attributes.map((it) => groupIn(own, it));
    return group === undefined ? unitValue(unit, { key, attributes: own }) : hashedText(group);
  },
  withUnit: ({ attributes: [name = ""] }, { attributes }, value) =>
    withAttribute(attributes, name, name.startsWith(GROUPS) ? [value] : value),
  explaining(configuration) {
    const parts = configuration as AmplitudeConfiguration; // an explainer is given configurations of its dialect
    return explaining(configuration, {
      createTrace(answered) {
        const recording = createRecording();
        return new AmplitudeTrace(recording, (answer) => {
          answered(answer, explainedFlag(answer, parts, recording));
        });
      },
      observed(dialect) {
        // Spreading all members would compute the ones that are computed on demand.
        const { cohortSet, flagReferences, payloads, raw, refuses } = parts;
        return createConfiguration({
          ...{ cohortSet, flagReferences, payloads, raw, refuses },
          dialect,
        });
      },
    });
  },
  answer(configuration, { attributes, flagKey, subjectKey }) {
    const parts = configuration as AmplitudeConfiguration; // an explainer is given configurations of its dialect
    const user = userOfSubject(subjectKey, attributes);
    const outcome = outcomeOf(
      () => {
        const variants = toVariants(evaluateUser(parts, user, [flagKey]));
        const variant = Object.hasOwn(variants, flagKey) ? variants[flagKey] : undefined;
        return variant === undefined ? null : { ...variant };
      },
      (variant) =>
        isJsonObject(variant) ? valueText(variant["value"] ?? variant["key"]) : "no variant",
    );
    return { type: null, ...outcome, explanation: explainForUser(configuration, flagKey, user) };
  },
};

const GROUPS = "groups.";

/** Returns the first group of a type, as evaluations do; `undefined` for an attribute that is not of groups. */
function groupIn({ groups }: UnitSubject["attributes"], name: string): unknown {
  if (!name.startsWith(GROUPS)) return undefined;
  const named = isJsonObject(groups) ? groups[name.slice(GROUPS.length)] : null;
  return (Array.isArray(named) ? (named as readonly unknown[])[0] : named) ?? null;
}

function explainedFlag(
  { evaluation, flag }: Answer,
  configuration: Configuration,
  recording: Recording,
): ExplainedFlag | null {
  const failure = evaluation.kind === "error" ? evaluation.error : null;
  return flag instanceof AmplitudeFlag
    ? explainFlag(flag, configuration, recording, failure?.cause ?? failure)
    : null;
}

/**
 * Explains the local evaluation of one flag for a user. If the evaluation throws, the explanation
 * contains its error.
 */
function explainForUser(
  configuration: Configuration,
  flagKey: string,
  user: ExperimentUser,
): Explanation {
  const subjectKey = String(user.user_id ?? user.device_id ?? "");
  try {
    const amplitude = configuration as AmplitudeConfiguration; // the configuration belongs to this dialect
    return explainedBy(amplitude, { flagKey, subjectKey }, user);
  } catch (cause) {
    return {
      flagKey,
      subjectKey,
      reason: "error",
      errorCode: "SORTITION_EVALUATION",
      error: messageOf(cause),
      flag: null,
    };
  }
}

/** @throws DependencyCycleError in the same cases as the evaluation. */
function explainedBy(
  amplitude: AmplitudeConfiguration,
  common: Pick<Explanation, "flagKey" | "subjectKey">,
  user: ExperimentUser,
): Explanation {
  const { flagKey } = common;
  const flag = amplitude.flag(flagKey);
  if (flag === null) {
    return { ...common, reason: "flag-not-found", errorCode: null, error: null, flag: null };
  }
  const { cycle, flags } = amplitude.planOf(flagKey);
  if (cycle !== null) throw new DependencyCycleError(cycle);
  const call = EvaluationCall.ofUser(user, amplitude);
  const results = new Map<string, Outcome>();
  call.results = results;
  for (const other of flags) if (other !== flag) decideInto(results, other, call);
  const recording = createRecording();
  try {
    const outcome = flag.decide(call, recording);
    const evaluation = outcome?.evaluationFor("boolean"); // every variant has a value of this type
    const reason = evaluation?.kind === "assigned" ? evaluation.reason : "no-allocation";
    const explained = explainFlag(flag, amplitude, recording, null);
    return { ...common, reason, errorCode: null, error: null, flag: explained };
  } catch (cause) {
    const error = cause instanceof DecodeError ? cause.message : messageOf(cause);
    const explained = explainFlag(flag, amplitude, recording, cause);
    const errorCode = cause instanceof DecodeError ? "SORTITION_DECODE" : "SORTITION_EVALUATION";
    return { ...common, reason: "error", errorCode, error, flag: explained };
  }
}
