import { type Client, createClient, type EvaluationRequest } from "@sortition/core";
import type { Explainer, Explanation } from "@sortition/core/dialect";
import { SILENT_DIAGNOSTICS } from "@sortition/core/internal";
import type { AssignmentDetails, Configuration } from "@sortition/node";

/** What a client answers, and how it came to that. */
export interface Observed {
  readonly details: AssignmentDetails<unknown>;
  readonly explanation: Explanation;
}

/** A client without a logger, whose evaluations are observed. */
export interface ObservedClient {
  evaluate(request: EvaluationRequest): Observed;
  close(): void;
}

/** @param nowMs - the time of its clock, epoch ms. */
export function observedClient(
  configuration: Configuration,
  explainer: Explainer,
  nowMs: number,
): ObservedClient {
  const explaining = explainer.explaining(configuration);
  const { configuration: observed, explanation } = explaining;
  const client = quietClient(observed, nowMs);
  return {
    evaluate(request) {
      const details = client.evaluate(request);
      return { details, explanation: explanation() as Explanation }; // there is one after an evaluation
    },
    // It has no timers, and nothing to send.
    close: () => void client.close(),
  };
}

/**
 * Creates a client without a logger.
 *
 * @param nowMs - the time of its clock, epoch ms.
 */
export function quietClient(configuration: Configuration, nowMs: number): Client {
  return createClient({
    dialect: configuration.dialect,
    initialConfiguration: configuration,
    assignmentLogger: null,
    clock: { now: () => nowMs },
    diagnostics: SILENT_DIAGNOSTICS,
  });
}
