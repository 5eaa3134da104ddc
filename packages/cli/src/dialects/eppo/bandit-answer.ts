import { type Client, DecodeError, EvaluationError } from "@sortition/core";
import type { EvaluationDetails } from "@sortition/core/eppo";
import { withUncheckedOverrides } from "@sortition/core/internal";
import type { CliAnswer, LineTime } from "../dialect.js";
import { atLineTime, type EppoParts } from "./answer.js";
import type { BanditRequest, BestActionRequest, PrecomputedRequest } from "./bandit-request.js";
import { assignmentEventOf, banditEventOf } from "./events.js";

/** Answers a call of the bandit getter as the vendor's SDK would. */
export function answerBandit(
  { client, log }: EppoParts,
  request: BanditRequest,
  time: LineTime,
): CliAnswer {
  const { flag, subjectKey, subjectAttributes, actions, overrides } = request;
  const asked = overrides === undefined ? client : withUncheckedOverrides(client, overrides);
  log?.clear();
  const { variation, action, ...result } = asked.getBanditActionDetails(
    flag,
    subjectKey,
    subjectAttributes,
    actions,
    // A default of any type is returned unchanged, as by the vendor's SDK.
    request.defaultValue as string,
  );
  const evaluationDetails = atLineTime(result.evaluationDetails, time);
  const fields = { variation, action, evaluationDetails };
  if (log === null) return { kind: "result", fields };
  const event = assignmentEventOf(log, subjectAttributes, evaluationDetails);
  const banditEvent = banditEventOf(log, evaluationDetails);
  return { kind: "result", fields: { ...fields, event, banditEvent } };
}

/** Answers a call for the best action as the vendor's SDK would. */
export function answerBestAction({ client }: EppoParts, request: BestActionRequest): CliAnswer {
  const { flag, subjectAttributes, actions, defaultValue } = request;
  const ask = (): string =>
    client.getBestAction(flag, subjectAttributes, actions, defaultValue as string); // returned unchanged
  try {
    return { kind: "result", fields: { action: strictly(client, ask) } };
  } catch (error) {
    return { kind: "throws", error: thrownByVendor(error) };
  }
}

/** Evaluates all flags for one subject as the vendor's SDK would. */
export function answerPrecomputed({ client }: EppoParts, request: PrecomputedRequest): CliAnswer {
  const { subjectKey, subjectAttributes, banditActions, salt } = request;
  try {
    const text = client.getPrecomputedConfiguration(
      subjectKey,
      subjectAttributes,
      banditActions,
      salt,
    );
    return { kind: "result", fields: { configuration: JSON.parse(text) } };
  } catch (error) {
    return { kind: "throws", error };
  }
}

/** Returns the error that the vendor's SDK would throw. For an incomplete model, this is a TypeError (eppo). */
function thrownByVendor(error: unknown): unknown {
  const cause = error instanceof EvaluationError ? error.cause : error;
  return cause instanceof DecodeError ? new TypeError(cause.message) : cause;
}

/** Quirk: the vendor's SDK throws from this call even in graceful mode (eppo). */
function strictly<T>(client: Client<EvaluationDetails>, ask: () => T): T {
  client.setIsGracefulMode(false);
  try {
    return ask();
  } finally {
    client.setIsGracefulMode(true);
  }
}
