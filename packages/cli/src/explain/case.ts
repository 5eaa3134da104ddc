import type { CallResult, DialectWords, Explanation } from "@sortition/core/dialect";
import { createExplainingClient } from "@sortition/core/internal";
import type { CliAnswer, CliDialect, Extras, Question } from "../dialects/dialect.js";
import { UsageError } from "../errors.js";
import { RequestError } from "../evaluate/request.js";
import { noSuchFlag } from "../judge/no-such-flag.js";
import { misnamedAttributes } from "./misnamed-attributes.js";
import type { ExplainOptions } from "./options.js";

const NO_EXTRAS: Extras = { fields: {}, paragraphs: [] };

/** A result, and how it was found. */
export interface ExplainedCase {
  readonly question: Question;
  /** The requested type; `null` if requests of the dialect name none. */
  readonly type: string | null;
  readonly nowMs: number;
  readonly answer: CliAnswer;
  /** The result as text. */
  readonly result: CallResult;
  readonly explanation: Explanation;
  /** Sentences about attributes that the flag reads by another name. */
  readonly misnamed: readonly string[];
  readonly words: DialectWords;
  /** Output that only this dialect has. */
  readonly extras: Extras;
}

/**
 * Evaluates exactly as `sortition evaluate` does, and explains the result.
 *
 * @throws UsageError, FileError
 */
export async function explainCase(options: ExplainOptions): Promise<ExplainedCase> {
  const { dialect, question } = options;
  // Warnings are suppressed, because the explanation shows the issues of this flag and other flags do not matter.
  const opened = await dialect.open({ ...options, warn: () => {} });
  const { configuration } = opened;
  const { asked, request, type } = dialect.explain.requestOf(question, configuration);
  const { attributes, flag, subjectKey } = question;
  const { explainer } = dialect;
  const payloadKey = explainer.payloadKey(configuration, flag);
  if (payloadKey === null) throw noSuchFlag(flag, configuration.flagKeys);
  const time = { nowMs: options.nowMs ?? Date.now(), isSet: options.nowMs !== null };
  const answer = answerOf(() => opened.answer(request, time));
  const { nowMs } = time;
  const client = createExplainingClient(configuration, explainer);
  const explained = client.answer({ flagKey: flag, subjectKey, attributes, nowMs, ...asked });
  return {
    question,
    type,
    nowMs,
    answer,
    result: resultOf(answer, dialect) ?? explained.result,
    explanation: explained.explanation,
    misnamed: misnamedAttributes(
      flag,
      explainer.readsOf(configuration, payloadKey),
      attributes,
      explainer.attributes.always,
    ),
    words: explainer.words,
    extras: dialect.explain.extrasOf?.({ question, answer, configuration }) ?? NO_EXTRAS,
  };
}

/** Returns the result as text; `null` if the explainer's text is complete. */
function resultOf(answer: CliAnswer, { explain }: CliDialect): CallResult | null {
  if (answer.kind === "throws") return answer;
  const text = explain.valueText?.(answer.fields);
  return text === undefined ? null : { kind: "value", text };
}

/** Reports errors in the request as errors in options, because options are what the request is built from. */
function answerOf(ask: () => CliAnswer): CliAnswer {
  try {
    return ask();
  } catch (error) {
    throw error instanceof RequestError ? new UsageError(`--${error.message}`) : error;
  }
}
