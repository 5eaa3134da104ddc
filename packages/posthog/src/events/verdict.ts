import { HttpStatusError } from "@sortition/core";
import { retryAfterMs } from "@sortition/node/internal";
import type { ServerAnswer } from "../http/requester.js";
import { statusError } from "../http/status-error.js";

const MAX_RETRY_AFTER_MS = 60_000;

/** @throws HttpStatusError unless the server has accepted the events. */
export function checkAccepted(url: string, { header, status }: ServerAnswer): void {
  if (status >= 200 && status < 300) return;
  const asked = { retryAfter: header("retry-after"), date: header("date"), nowMs: Date.now() };
  const delayMs = retryAfterMs(asked);
  throw statusError(status, delayMs && Math.min(delayMs, MAX_RETRY_AFTER_MS), url);
}

/** What happens to the events of a failed request. */
export type Verdict = "retry" | "too-large" | "refused";

/** Network errors, timeouts, 408, 429 and 5xx may be temporary. Other statuses are not. */
export function verdictOn(error: unknown): Verdict {
  if (!(error instanceof HttpStatusError)) return "retry";
  const { httpStatus } = error;
  if (httpStatus === 413) return "too-large";
  return httpStatus === 408 || httpStatus === 429 || httpStatus >= 500 ? "retry" : "refused";
}
