import { type ExplainedAllocation, messageOf } from "@sortition/core/dialect";
import { trafficReport, windowReport } from "../text/report-parts.js";
import type { ExplainedCase } from "./case.js";

/** What `--json` prints: the result of `sortition evaluate`, and how it came about. */
export function reportOf(it: ExplainedCase): object {
  const { answer, explanation } = it;
  const { error, flag, reason } = explanation;
  return {
    flag: it.flag,
    subjectKey: it.subjectKey,
    type: it.type,
    now: new Date(it.nowMs).toISOString(),
    isObfuscated: it.isObfuscated,
    reason,
    error,
    ...(answer.kind === "result" ? answer.fields : { throws: messageOf(answer.error) }),
    ...(it.bandit === null ? {} : { bandit: it.bandit }),
    allocations: flag === null ? null : flag.allocations.map(allocationReport),
  };
}

function allocationReport({ traffic, window, ...rest }: ExplainedAllocation): object {
  return { ...rest, window: windowReport(window), traffic: trafficReport(traffic) };
}
