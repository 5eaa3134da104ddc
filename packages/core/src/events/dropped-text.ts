import type { ExposuresDropped } from "./drop-reports.js";
import { NO_LOGGER } from "./pre-logger-buffer.js";

/** Returns a sentence that explains how many exposures were lost so far, why, and what to do. */
export function droppedText({ logger, reason }: ExposuresDropped, total: number): string {
  return `exposures dropped: ${total} so far, ${whyText(reason, logger)}`;
}

function whyText(reason: ExposuresDropped["reason"], logger: string): string {
  if (reason === "too-large") {
    return "an event exceeds exposures.maxQueueBytes; raise it, or pass smaller attributes";
  }
  if (reason === "too-deep") {
    return `logger "${logger}" evaluates flags, which logs further exposures; evaluate them with a client whose assignmentLogger is null`;
  }
  if (logger === NO_LOGGER || reason === "no-logger") {
    return "no logger takes them; give the client an assignmentLogger, or null to log none";
  }
  // Losses caused by a logger are reported with its error instead.
  return reason === "overflow"
    ? `logger "${logger}" is slower than the evaluations; let it return sooner, or raise exposures.maxConcurrent or maxQueueEvents`
    : `logger "${logger}" had not taken them when the client was closed; raise the timeoutMs of close`;
}
