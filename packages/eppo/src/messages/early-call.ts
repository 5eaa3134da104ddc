import type { Diagnostics } from "@sortition/core";
import type { Facts } from "@sortition/core/internal";

/** Cause of the inner client's warnings about early calls. It is constant, unlike their sentence. */
const TOO_EARLY = "evaluated before ready";

/** Facts of the inner client's warning about events that were lost because no logger was ever set. */
const LOST = "exposures dropped";
const NO_LOGGER = "none";

/** Ways out by methods and options that this package does not have. */
const FIRST_CALLS = /; (await init\(…\) or|pollIntervalMs) .*/;
const FURTHER_CALLS = /, call refresh\(\) .*/;

/**
 * Diagnostics for the inner client, whose sentences about early calls and missing loggers would name options that this
 * package lacks.
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

/** The sentence about events without a logger; `null` for any other warning. The inner client advises a `null` logger. */
function noLoggerText(facts: Facts | undefined): string | null {
  if (facts?.["cause"] !== LOST || facts["logger"] !== NO_LOGGER) return null;
  return `events dropped: ${facts["total"]} so far, no logger is set; the first 100 wait for setAssignmentLogger or setBanditLogger`;
}
