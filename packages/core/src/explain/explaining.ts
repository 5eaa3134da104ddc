import type { EvaluationError } from "../errors/errors.js";
import { messageOf } from "../errors/guard.js";
import type { Configuration } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import type { Answer, Trace } from "../model/trace.js";
import type { ExplainingConfiguration } from "./explainer.js";
import type { ExplainedFlag, Explanation } from "./explanation.js";

/** How a dialect observes its evaluations. */
export interface Observe {
  /** The same configuration, with this dialect in place of its own. */
  observed(dialect: Dialect): Configuration;
  /**
   * Begins a call.
   *
   * @param answered - takes what was answered, and the explained flag; `null`: there is none.
   */
  createTrace(answered: (answer: Answer, flag: ExplainedFlag | null) => void): Trace;
  /** What an explanation says of an error. Default: its message. */
  errorText?(error: EvaluationError): string;
}

/** A configuration that evaluates as the original, and explains the last call of a details getter. */
export function explaining(
  original: Configuration,
  { createTrace, errorText = ({ message }) => message, observed }: Observe,
): ExplainingConfiguration {
  let latest: Explanation | null = null;
  const answered = (answer: Answer, flag: ExplainedFlag | null): void => {
    const { evaluation, flagKey, override, subjectKey } = answer;
    const error = evaluation.kind === "error" ? errorText(evaluation.error) : null;
    const reason = override === null ? reasonOf(answer) : "override";
    latest = { flagKey, subjectKey, reason, error, flag };
  };
  const dialect = { ...original.dialect, createTrace: () => createTrace(answered) };
  return { configuration: observed(dialect), explanation: () => latest };
}

/** The message of the engine or of the decoder, if an error has one behind it. */
export function causeText(error: EvaluationError): string {
  const { cause, message } = error; // in the parameter it would be in the declarations, which ES2021 must be able to read
  return cause === undefined ? message : messageOf(cause);
}

function reasonOf({ evaluation }: Answer): Explanation["reason"] {
  if (evaluation.kind === "assigned") return "assigned";
  return evaluation.kind === "default" ? evaluation.reason : evaluation.error.code;
}
