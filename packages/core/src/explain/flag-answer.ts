import type { JsonObject } from "../conditions/decode.js";
import type { Configuration } from "../model/configuration.js";
import type { ValueType } from "../model/flag.js";
import type { Explanation } from "./explanation.js";
import { valueText } from "./text/values.js";

/** Asks what a subject gets from a flag. */
export interface FlagQuestion {
  readonly flagKey: string;
  readonly subjectKey: string;
  readonly attributes: JsonObject;
  /** Time of the evaluation, epoch ms. */
  readonly nowMs: number;
  /** Type of the getter. Default: the flag's own type. Vendors whose calls name no type ignore it. */
  readonly expectedType?: ValueType | "number";
  /** Value if nothing is assigned. Default: `null`. Vendors whose calls take no default ignore it. */
  readonly defaultValue?: unknown;
  /** What the dialect takes besides attributes, see `Scope.extras`. Default: `null`. */
  readonly extras?: object;
}

/** What the explained call returned or threw. */
export type CallResult =
  /** `text`: the value, as the text shows it. */
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "throws"; readonly error: unknown };

/** What the vendor's SDK returns for a question, and why. */
export interface FlagAnswer {
  /** Type that was requested; `null` if calls of the vendor name none. */
  readonly type: string | null;
  /** What the call returns; `null` if it throws. */
  readonly value: unknown;
  /** The same as text. */
  readonly result: CallResult;
  readonly explanation: Explanation;
}

/** One evaluation by a client, and its explanation. */
export interface ExplainedEvaluation {
  readonly details: { readonly variation: unknown; readonly evaluationDetails: object };
  readonly explanation: Explanation;
}

/** Evaluates and explains one question. Dialects have no client, so an explainer receives this function. */
export type EvaluateExplained = (question: FlagQuestion) => ExplainedEvaluation;

/** Answers as a typed getter of the flag's own type does, unless the question has another type. */
export function typedAnswer(
  configuration: Configuration,
  question: FlagQuestion,
  evaluate: EvaluateExplained,
): FlagAnswer {
  const { defaultValue = null, expectedType } = question;
  const declared = configuration.flag(question.flagKey)?.valueType ?? "string";
  const type = expectedType ?? (declared === "unknown" ? "string" : declared);
  const { details, explanation } = evaluate({ ...question, defaultValue, expectedType: type });
  return { type, ...outcomeOf(() => details.variation), explanation };
}

/** Calls the vendor's function, and keeps what it returns or throws. */
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
