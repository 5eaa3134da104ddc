import { allocationReport, messageOf } from "@sortition/core/dialect-internal";
import type { ExplainedCase } from "./case.js";

/** The `--json` output: the result of `sortition evaluate`, and how it was found. */
export function reportOf(it: ExplainedCase): object {
  const { answer, explanation, extras, question, type } = it;
  const { error, errorCode, flag, reason } = explanation;
  return {
    flag: question.flag,
    subjectKey: question.subjectKey,
    ...(type === null ? {} : { type }),
    now: new Date(it.nowMs).toISOString(),
    reason,
    errorCode,
    error,
    ...(answer.kind === "result" ? answer.fields : { throws: messageOf(answer.error) }),
    ...extras.fields,
    allocations: flag === null ? null : flag.allocations.map(allocationReport),
  };
}
