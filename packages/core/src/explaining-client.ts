import type { Client } from "./client/client.js";
import type { AssignmentDetails } from "./client/evaluation/assignment-details.js";
import { createClient } from "./create-client.js";
import type { Explainer, ExplainingConfiguration } from "./explain/explainer.js";
import type { Explanation } from "./explain/explanation.js";
import type { ExplainedEvaluation, FlagAnswer, FlagQuestion } from "./explain/flag-answer.js";
import { reasonLines } from "./explain/words/reason-words.js";
import type { Attributes } from "./model/attributes.js";
import type { Configuration } from "./model/configuration.js";
import { SILENT_DIAGNOSTICS } from "./runtime/diagnostics.js";

/** A client without a logger, which explains each evaluation. */
export interface ExplainingClient {
  /** Evaluates like a client. */
  evaluate(
    question: FlagQuestion,
  ): ExplainedEvaluation & { readonly details: AssignmentDetails<unknown> };
  /** Answers like the vendor's SDK. */
  answer(question: FlagQuestion): FlagAnswer;
  /** Explains an answer: what decided, and then the earlier allocations that did not match, each in one line. */
  reasonsFor(question: FlagQuestion): readonly string[];
  close(): void;
}

/** Creates a client that evaluates one configuration at the time given in each question. */
export function createExplainingClient(
  configuration: Configuration,
  explainer: Explainer,
): ExplainingClient {
  let observed: ObservedClient | null = null;
  const evaluate: ExplainingClient["evaluate"] = (question) => {
    // Created for the first evaluation, because some explainers answer without one.
    observed ??= new ObservedClient(explainer.explaining(configuration));
    return observed.evaluate(question);
  };
  const answer: ExplainingClient["answer"] = (question) =>
    explainer.answer(configuration, question, evaluate);
  return {
    evaluate,
    answer,
    reasonsFor: (question) =>
      reasonLines(answer(question).explanation, explainer.words, question.attributes),
    close: () => observed?.close(),
  };
}

class ObservedClient {
  readonly #client: Client;
  readonly #explaining: ExplainingConfiguration;
  #nowMs = 0;

  constructor(explaining: ExplainingConfiguration) {
    const { configuration } = explaining;
    this.#explaining = explaining;
    this.#client = createClient({
      dialect: configuration.dialect,
      initialConfiguration: configuration,
      assignmentLogger: null,
      clock: { now: () => this.#nowMs },
      diagnostics: SILENT_DIAGNOSTICS,
    });
  }

  evaluate(question: FlagQuestion): ReturnType<ExplainingClient["evaluate"]> {
    const { attributes, nowMs, ...request } = question;
    this.#nowMs = nowMs;
    const details = this.#client.evaluate({
      ...request,
      subjectAttributes: attributes as Attributes, // any JSON value is a valid attribute
    });
    return { details, explanation: this.#explaining.explanation() as Explanation }; // an evaluation has taken place
  }

  close(): void {
    // The client has no timers and nothing to send.
    void this.#client.close();
  }
}
