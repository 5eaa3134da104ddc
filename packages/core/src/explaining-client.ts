import type { AssignmentDetails } from "./client/evaluation/assignment-details.js";
import { createClient } from "./create-client.js";
import type { Explainer } from "./explain/explainer.js";
import type { Explanation } from "./explain/explanation.js";
import type { ExplainedEvaluation, FlagAnswer, FlagQuestion } from "./explain/flag-answer.js";
import type { Attributes } from "./model/attributes.js";
import type { Configuration } from "./model/configuration.js";
import { SILENT_DIAGNOSTICS } from "./runtime/diagnostics.js";

/** A client without a logger, which explains each evaluation. */
export interface ExplainingClient {
  /** Evaluates as a client does. */
  evaluate(
    question: FlagQuestion,
  ): ExplainedEvaluation & { readonly details: AssignmentDetails<unknown> };
  /** Answers as the vendor's SDK does. */
  answer(question: FlagQuestion): FlagAnswer;
  close(): void;
}

/** Creates a client that evaluates one configuration, each time at the time of the question. */
export function createExplainingClient(
  configuration: Configuration,
  explainer: Explainer,
): ExplainingClient {
  const observed = explainer.explaining(configuration);
  let nowMs = 0;
  const client = createClient({
    dialect: observed.configuration.dialect,
    initialConfiguration: observed.configuration,
    assignmentLogger: null,
    clock: { now: () => nowMs },
    diagnostics: SILENT_DIAGNOSTICS,
  });
  const evaluate: ExplainingClient["evaluate"] = (question) => {
    const { attributes, defaultValue, expectedType = null, extras = null } = question;
    const { flagKey, subjectKey } = question;
    nowMs = question.nowMs;
    const details = client.evaluate({
      flagKey,
      subjectKey,
      subjectAttributes: attributes as Attributes, // any JSON is an attribute
      defaultValue,
      expectedType,
      extras,
    });
    return { details, explanation: observed.explanation() as Explanation }; // there is one after an evaluation
  };
  return {
    evaluate,
    answer: (question) => explainer.answer(configuration, question, evaluate),
    // It has no timers, and nothing to send.
    close: () => void client.close(),
  };
}
