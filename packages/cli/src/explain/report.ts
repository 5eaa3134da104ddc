import { type ExplainedAllocation, messageOf } from "@sortition/core/dialect";
import { trafficReport, windowReport } from "../text/report-parts.js";
import type { ExplainedCase } from "./case.js";

/** What `--json` prints: the result of `sortition evaluate`, and how it was found. */
export function reportOf(it: ExplainedCase): object {
  const { answer, explanation, extras, question, type } = it;
  const { error, flag, reason } = explanation;
  return {
    flag: question.flag,
    subjectKey: question.subjectKey,
    ...(type === null ? {} : { type }),
    now: new Date(it.nowMs).toISOString(),
    reason,
    error,
    ...(answer.kind === "result" ? answer.fields : { throws: messageOf(answer.error) }),
    ...extras.fields,
    allocations: flag === null ? null : flag.allocations.map(allocationReport),
  };
}

function allocationReport({ traffic, window, ...rest }: ExplainedAllocation): object {
  return { ...rest, window: windowReport(window), traffic: trafficReport(traffic) };
}
