import type { ExposuresDropped } from "./drop-reports.js";
import { NO_LOGGER } from "./pre-logger-buffer.js";

/** How many exposures were lost so far, why, and what to do, in one sentence. */
export function droppedText({ logger, reason }: ExposuresDropped, total: number): string {
  return `exposures dropped: ${total} so far, ${whyText(reason, logger)}`;
}

function whyText(reason: ExposuresDropped["reason"], logger: string): string {
  const isMissing = logger === NO_LOGGER;
  switch (reason) {
    case "no-logger":
      return "no logger takes them; give the client an assignmentLogger, or null to log none";
    case "overflow":
      return isMissing
        ? "no logger is set and the buffer is full; give the client an assignmentLogger"
        : `logger "${logger}" is slower than the evaluations; let it return sooner, or raise exposures.maxConcurrent or maxQueueEvents`;
    case "too-large":
      return "an event exceeds exposures.maxQueueBytes; raise it, or pass smaller attributes";
    case "closed":
      return isMissing
        ? "the client was closed without a logger; give it an assignmentLogger, or null to log none"
        : `logger "${logger}" had not taken them when the client was closed; raise the timeoutMs of close`;
    default:
      return `logger "${logger}" failed`;
  }
}
