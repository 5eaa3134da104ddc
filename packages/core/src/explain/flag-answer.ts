import type { JsonObject } from "../conditions/decode.js";
import type { Configuration } from "../model/configuration.js";
import type { ValueType } from "../model/flag.js";
import type { Explanation } from "./explanation.js";
import { valueText } from "./text/values.js";

/** A question: what does a subject get from a flag? */
export interface FlagQuestion {
  readonly flagKey: string;
  readonly subjectKey: string;
  readonly attributes: JsonObject;
  /** Time of the evaluation, epoch ms. */
  readonly nowMs: number;
  /** Type of the getter. Ignored by vendors whose calls have no type. Default: the flag's own type. */
  readonly expectedType?: ValueType | "number";
  /** Value to return if nothing is assigned. Ignored by vendors whose calls have no default value. Default: `null`. */
  readonly defaultValue?: unknown;
  /** Values that the dialect needs in addition to attributes, see `Scope.extras`. Default: `null`. */
  readonly extras?: object;
}

/** The result or the error of the explained call. */
export type CallResult =
  /** `text`: the value as shown in the explanation's text. */
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "throws"; readonly error: unknown };

/** The result of the vendor's SDK for a question, with an explanation. */
export interface FlagAnswer {
  /** The requested type. `null` if the vendor's calls have no type. */
  readonly type: string | null;
  /** The value that the call returns. `null` if it throws. */
  readonly value: unknown;
  /** The result as text. */
  readonly result: CallResult;
  readonly explanation: Explanation;
}

/** One evaluation by a client, and its explanation. */
export interface ExplainedEvaluation {
  readonly details: { readonly value: unknown; readonly evaluationDetails: object };
  readonly explanation: Explanation;
}

/** Evaluates and explains one question. Dialects have no client, so an explainer receives this function. */
export type EvaluateExplained = (question: FlagQuestion) => ExplainedEvaluation;

/** Answers like a typed getter of the flag's own type, unless the question has another type. */
export function typedAnswer(
  configuration: Configuration,
  question: FlagQuestion,
  evaluate: EvaluateExplained,
): FlagAnswer {
  const { defaultValue = null, expectedType } = question;
  const declared = configuration.flag(question.flagKey)?.valueType ?? "string";
  const type = expectedType ?? (declared === "unknown" ? "string" : declared);
  const { details, explanation } = evaluate({ ...question, defaultValue, expectedType: type });
  return { type, ...outcomeOf(() => details.value), explanation };
}

/** Calls the vendor's function, and returns its result or its error. */
export function outcomeOf(
  call: () => unknown,
  textOf: (value: unknown) => string = valueText,
): Pick<FlagAnswer, "value" | "result"> {
  try {
    const value = call();
    return { value: value ?? null, result: { kind: "value", text: textOf(value) } };
  } catch (error) {
    return { value: null, result: { kind: "throws", error } };
  }
}
