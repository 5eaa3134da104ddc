import type { Facts } from "@sortition/core/kit";

/** The constants of the client inside, for events that were lost because no logger was ever set. */
const LOST = "exposures dropped";
const NO_LOGGER = "none";

/**
 * The warning about events that no logger took; `null` for any other report. The wrapped client advises to pass `null` as
 * the logger, which is not an option of this package.
 */
export function noLoggerText(facts: Facts | undefined): string | null {
  if (facts?.["cause"] !== LOST || facts["logger"] !== NO_LOGGER) return null;
  return `events dropped: ${facts["total"]} so far, no logger is set; the first 100 wait for setAssignmentLogger or setBanditLogger`;
}
