import { evaluateUser, isAmplitudeConfiguration, toVariants } from "@sortition/amplitude/dialect";
import { explainForUser, userOfSubject } from "@sortition/amplitude/explain";
import type { Attributes, Configuration, ValueType } from "@sortition/core";
import {
  type CallResult,
  type Explanation,
  isJsonObject,
  type JsonObject,
  valueText,
} from "@sortition/core/dialect";
import {
  evaluateAutoExperiments,
  evaluateFeature,
  isGrowthbookConfiguration,
} from "@sortition/growthbook/dialect";
import type { PosthogDetails } from "@sortition/posthog/dialect";
import type { DialectName } from "../config/config.js";
import { EXPLAINERS } from "./explainers.js";
import { type Observed, observedClient } from "./observed-client.js";

/** Asks for one flag of one subject. */
export interface FlagCall {
  readonly flagKey: string;
  readonly subjectKey: string;
  readonly attributes: JsonObject;
  /** Epoch ms. */
  readonly nowMs: number;
}

/** The answer of `sortition explain` without options: what the vendor's SDK returns, and why. */
export interface FlagAnswer {
  /** The type that the flag was asked for as; `null` if calls of the vendor name none. */
  readonly type: string | null;
  /** What the call returns; `null` if it throws. */
  readonly value: unknown;
  /** The same as text. */
  readonly result: CallResult;
  readonly explanation: Explanation;
}

type AnswerFlag = (configuration: Configuration, call: FlagCall) => FlagAnswer;

/** How each vendor answers for one flag. */
export const FLAG_ANSWERS: Readonly<Record<DialectName, AnswerFlag>> = {
  eppo: typedAnswer("eppo"),
  datadog: typedAnswer("datadog"),
  growthbook(configuration, call) {
    const attributes = { id: call.subjectKey, ...call.attributes };
    const subjectKey = `${attributes.id}`;
    const asked = { ...call, subjectKey, attributes };
    const { explanation } = observe("growthbook", configuration, asked);
    const answer = answered(() => {
      if (!isGrowthbookConfiguration(configuration)) throw new TypeError("another dialect");
      const user = { attributes };
      evaluateAutoExperiments(configuration, user);
      return evaluateFeature(configuration, call.flagKey, user).value;
    });
    return { type: null, ...answer, explanation };
  },
  amplitude(configuration, { attributes, flagKey, subjectKey }) {
    const user = userOfSubject(subjectKey, attributes);
    const ask = (): unknown => {
      if (!isAmplitudeConfiguration(configuration)) throw new TypeError("another dialect");
      const variants = toVariants(evaluateUser(configuration, user, [flagKey]));
      const variant = Object.hasOwn(variants, flagKey) ? variants[flagKey] : undefined;
      return variant === undefined ? null : { ...variant };
    };
    const answer = answered(ask, (variant) =>
      isJsonObject(variant) ? valueText(variant["value"] ?? variant["key"]) : "no variant",
    );
    return { type: null, ...answer, explanation: explainForUser(configuration, flagKey, user) };
  },
  posthog(configuration, call) {
    const { details, explanation } = observe("posthog", configuration, call);
    const { unresolvedReason, value } = details.evaluationDetails as PosthogDetails; // of its dialect
    const unresolved = unresolvedReason === null ? "undefined" : `unresolved (${unresolvedReason})`;
    const answer = answered(
      () => {
        if (explanation.error !== null) throw new Error(explanation.error);
        return value;
      },
      (it) => (it === null ? unresolved : valueText(it)),
    );
    return { type: null, ...answer, explanation };
  },
};

/** Evaluates flags of a vendor whose getters have a type. */
function typedAnswer(dialect: DialectName): AnswerFlag {
  return (configuration, call) => {
    const declared = configuration.flag(call.flagKey)?.valueType ?? "string";
    const type = declared === "unknown" ? "string" : declared;
    const { details, explanation } = observe(dialect, configuration, call, {
      expectedType: type,
      defaultValue: null,
    });
    return { type, ...answered(() => details.variation), explanation };
  };
}

function observe(
  dialect: DialectName,
  configuration: Configuration,
  { attributes, flagKey, nowMs, subjectKey }: FlagCall,
  more: { readonly expectedType?: ValueType; readonly defaultValue?: unknown } = {},
): Observed {
  const client = observedClient(configuration, EXPLAINERS[dialect], nowMs);
  const observed = client.evaluate({
    flagKey,
    subjectKey,
    subjectAttributes: attributes as Attributes, // any JSON is an attribute
    ...more,
  });
  client.close();
  return observed;
}

function answered(
  ask: () => unknown,
  textOf: (value: unknown) => string = valueText,
): Pick<FlagAnswer, "value" | "result"> {
  try {
    const value = ask();
    return { value: value ?? null, result: { kind: "value", text: textOf(value) } };
  } catch (error) {
    return { value: null, result: { kind: "throws", error } };
  }
}
