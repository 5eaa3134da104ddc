import {
  type AssignmentEvent,
  type Client,
  type EvaluationRequest,
  openFeatureReason,
} from "@sortition/core";
import type { EvaluationDetails } from "@sortition/core/eppo";
import { exposureOf } from "@sortition/datadog";
import type { CliAnswer, LineTime } from "../dialect.js";
import { atLineTime } from "../eppo/answer.js";

export interface DatadogParts {
  readonly client: Client<EvaluationDetails>;
  /** Receives the events that the client logs; `null` if results contain no events. */
  readonly events: AssignmentEvent[] | null;
}

/** Answers a request as the vendor's provider would. */
export function answer(
  { client, events }: DatadogParts,
  request: EvaluationRequest,
  time: LineTime,
): CliAnswer {
  const details = client.evaluate(request);
  const outcome = openFeatureReason(details);
  const [event] = events?.splice(0) ?? [];
  return {
    kind: "result",
    fields: {
      value: details.value,
      variant: details.variationKey,
      reason: outcome.reason,
      ...(outcome.reason === "ERROR" ? { errorCode: outcome.errorCode } : {}),
      evaluationDetails: atLineTime(details.evaluationDetails, time),
      ...(events === null ? {} : { event: event === undefined ? null : exposureOf(event) }),
    },
  };
}
