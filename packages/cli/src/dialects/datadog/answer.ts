import { openFeatureReason } from "@sortition/core";
import type { EvaluationDetails } from "@sortition/core/eppo";
import { exposureOf } from "@sortition/datadog";
import type { JsonObject } from "../../evaluate/request.js";
import type { CliAnswer, LineTime } from "../dialect.js";
import { atLineTime } from "../eppo/answer.js";
import type { FlagsClient } from "../flags-file.js";
import { readRequest } from "./request.js";

/** Answers a request as the vendor's provider would. */
export function answer(
  { client, takeEvents }: FlagsClient<EvaluationDetails, unknown>,
  fields: JsonObject,
  time: LineTime,
): CliAnswer {
  const details = client.evaluate(readRequest(fields));
  const outcome = openFeatureReason(details);
  const events = takeEvents();
  return {
    kind: "result",
    fields: {
      value: details.value,
      variant: details.variationKey,
      reason: outcome.reason,
      ...(outcome.reason === "ERROR" ? { errorCode: outcome.errorCode } : {}),
      evaluationDetails: atLineTime(details.evaluationDetails, time),
      ...(events === null ? {} : { event: events[0] === undefined ? null : exposureOf(events[0]) }),
    },
  };
}
