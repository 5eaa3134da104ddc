import type { EvaluationError } from "../errors/errors.js";
import { messageOf } from "../errors/guard.js";
import type { Configuration } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import { originOf } from "../model/evaluation-origin.js";
import type { Answer, Trace } from "../model/trace.js";
import type { ExplainingConfiguration } from "./explainer.js";
import type { ExplainedFlag, Explanation } from "./explanation.js";

/** How a dialect observes its evaluations. */
export interface Observe {
  /** Returns the same configuration with this dialect instead of its own. */
  observed(dialect: Dialect): Configuration;
  /**
   * Begins a call.
   *
   * @param answered - receives the answer and the explained flag, or `null` if there is no flag.
   */
  createTrace(answered: (answer: Answer, flag: ExplainedFlag | null) => void): Trace;
  /** Returns the text for an error in an explanation. Default: its message. */
  errorText?(error: EvaluationError): string;
}

/** Creates a configuration that evaluates like the original, and explains the last call of a details getter. */
export function explaining(
  original: Configuration,
  { createTrace, errorText = ({ message }) => message, observed }: Observe,
): ExplainingConfiguration {
  let latest: Explanation | null = null;
  const answered = (answer: Answer, flag: ExplainedFlag | null): void => {
    const { evaluation, flagKey, subjectKey } = answer;
    const error = evaluation.kind === "error" ? errorText(evaluation.error) : null;
    const { errorCode, reason } = originOf(answer, evaluation);
    latest = { flagKey, subjectKey, reason, errorCode, error, flag };
  };
  const dialect = { ...original.dialect, createTrace: () => createTrace(answered) };
  return { configuration: observed(dialect), explanation: () => latest };
}

/** Returns the message of an error's cause, e.g. from the engine or the decoder, or its own message. */
export function causeText(error: EvaluationError): string {
  const { cause, message } = error; // not in the parameter, because it would then be in the declarations, which must compile with ES2021
  return cause === undefined ? message : messageOf(cause);
}
