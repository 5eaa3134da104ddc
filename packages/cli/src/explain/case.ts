import type { CallResult, Explanation } from "@sortition/core/dialect";
import { createExplainingClient } from "@sortition/core/internal";
import type { CliAnswer, CliDialect, Extras, Question } from "../dialects/dialect.js";
import { UsageError } from "../errors.js";
import { RequestError } from "../evaluate/request.js";
import { noSuchFlag } from "../inspect/no-such-flag.js";
import type { ExplainOptions } from "./options.js";

/** An answer, and how it was found. */
export interface ExplainedCase {
  readonly question: Question;
  /** The requested type; `null` if requests of the dialect name none. */
  readonly type: string | null;
  readonly nowMs: number;
  readonly answer: CliAnswer;
  /** The answer as text. */
  readonly result: CallResult;
  readonly explanation: Explanation;
  /** What the dialect adds. */
  readonly extras: Extras;
}

/**
 * Answers exactly as `sortition evaluate` does, and explains the answer.
 *
 * @throws UsageError, FileError
 */
export async function explainCase(options: ExplainOptions): Promise<ExplainedCase> {
  const { dialect, question } = options;
  // Other flags do not matter here, and the explanation shows what is wrong with this one.
  const opened = await dialect.open({ ...options, warn: () => {} });
  const { configuration } = opened;
  const { asked, request, type } = dialect.explain.requestOf(question, configuration);
  const { attributes, flag, subjectKey } = question;
  if (dialect.explainer.payloadKey(configuration, flag) === null)
    throw noSuchFlag(flag, configuration);
  const time = { nowMs: options.nowMs ?? Date.now(), isSet: options.nowMs !== null };
  const answer = answerOf(() => opened.answer(request, time));
  const { nowMs } = time;
  const client = createExplainingClient(configuration, dialect.explainer);
  const explained = client.answer({ flagKey: flag, subjectKey, attributes, nowMs, ...asked });
  return {
    question,
    type,
    nowMs,
    answer,
    result: resultOf(answer, dialect) ?? explained.result,
    explanation: explained.explanation,
    extras: dialect.explain.extrasOf({ question, answer, configuration }),
  };
}

/** The result as text, if the explainer does not say it all. */
function resultOf(answer: CliAnswer, { explain }: CliDialect): CallResult | null {
  if (answer.kind === "throws") return answer;
  const text = explain.valueText?.(answer.fields);
  return text === undefined ? null : { kind: "value", text };
}

/** The request is made of options: where it is malformed, an option is. */
function answerOf(ask: () => CliAnswer): CliAnswer {
  try {
    return ask();
  } catch (error) {
    throw error instanceof RequestError ? new UsageError(`--${error.message}`) : error;
  }
}
