import type { Diagnostics } from "@sortition/core";
import type { Facts } from "@sortition/core/internal";

/** Cause of the inner client's warnings about early calls. It is constant, unlike their text. */
const TOO_EARLY = "evaluated before ready";

/**
 * Cause of the inner client's warning about events that were lost because no logger was ever set.
 */
const LOST = "exposures dropped";
const NO_LOGGER = "none";

/** Advice to use methods and options that this package does not have. */
const FIRST_CALLS = /; (await init\(…\) or|pollIntervalMs) .*/;
const FURTHER_CALLS = /, call refresh\(\) .*/;

/**
 * Returns diagnostics for the inner client. Its warnings about early calls and missing loggers
 * would otherwise name options that this package does not have.
 */
export function diagnosticsInside(target: Diagnostics): Diagnostics {
  return {
    debug: (message, facts) => target.debug(message, facts),
    info: (message, facts) => target.info(message, facts),
    warn: (message, facts) => {
      const isEarly = facts?.["cause"] === TOO_EARLY;
      const text = isEarly ? inOurWords(message) : noLoggerText(facts);
      target.warn(text ?? message, facts);
    },
    error: (message, facts) => target.error(message, facts),
  };
}

function inOurWords(message: string): string {
  return message
    .replace(FIRST_CALLS, "; await init(…) before the first call")
    .replace(FURTHER_CALLS, "");
}

/**
 * Returns the text about events without a logger, or `null` for any other warning. The inner client
 * would recommend a `null` logger.
 */
function noLoggerText(facts: Facts | undefined): string | null {
  if (facts?.["cause"] !== LOST || facts["logger"] !== NO_LOGGER) return null;
  return `events dropped: ${facts["total"]} so far, no logger is set; the first 100 wait for setAssignmentLogger or setBanditLogger`;
}
