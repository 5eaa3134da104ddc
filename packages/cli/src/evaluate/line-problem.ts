import { messageOf } from "@sortition/core/dialect-internal";
import { describeFault, findJsonFault } from "@sortition/core/internal";

/** Describes the first syntax error in a line that `JSON.parse` rejected. */
export function lineProblem(text: string, error: unknown): string {
  const fault = findJsonFault(text);
  if (fault === null) return messageOf(error);
  return `not JSON at column ${fault.offset + 1}: ${describeFault(fault, "line")}`;
}
