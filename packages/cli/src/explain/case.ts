import type { Explanation } from "@sortition/core/dialect";
import type { CliAnswer, Extras, Question } from "../dialects/dialect.js";
import { UsageError } from "../errors.js";
import { RequestError } from "../evaluate/request.js";
import { noSuchFlag } from "../inspect/no-such-flag.js";
import type { ExplainOptions } from "./options.js";

/** An answer, and how it was found. */
export interface ExplainedCase {
  readonly question: Question;
  /** The type that the flag was asked for as; `null` if requests of the dialect name none. */
  readonly type: string | null;
  readonly nowMs: number;
  readonly answer: CliAnswer;
  /** The value in the answer; `null` if the call throws. */
  readonly valueText: string | null;
  readonly explanation: Explanation;
  /** What the dialect adds. */
  readonly extras: Extras;
}

/**
 * Answers exactly as `sortition evaluate` does, and observes the evaluation.
 *
 * @throws UsageError, FileError
 */
export async function explainCase(options: ExplainOptions): Promise<ExplainedCase> {
  const { dialect, question } = options;
  // Other flags do not matter here, and the explanation shows what is wrong with this one.
  const opened = await dialect.open({ ...options, isExplained: true, warn: () => {} });
  const { configuration } = opened;
  const { request, type } = dialect.explain.requestOf(question, configuration);
  const { flag } = question;
  if (dialect.explainer.payloadKey(configuration, flag) === null)
    throw noSuchFlag(flag, configuration);
  const time = { nowMs: options.nowMs ?? Date.now(), isSet: options.nowMs !== null };
  const answer = answerOf(() => opened.answer(request, time));
  return {
    question,
    type,
    nowMs: time.nowMs,
    answer,
    valueText: answer.kind === "result" ? dialect.explain.valueText(answer.fields) : null,
    explanation: opened.explanation() as Explanation, // there is one after an answer
    extras: dialect.explain.extrasOf({ question, answer, configuration }),
  };
}

/** The request is made of options: where it is malformed, an option is. */
function answerOf(ask: () => CliAnswer): CliAnswer {
  try {
    return ask();
  } catch (error) {
    throw error instanceof RequestError ? new UsageError(`--${error.message}`) : error;
  }
}
