import { messageOf } from "@sortition/core/dialect";
import { describeFault, findJsonFault } from "@sortition/core/internal";

/** What is wrong with a line that `JSON.parse` refused. */
export function lineProblem(text: string, error: unknown): string {
  const fault = findJsonFault(text);
  if (fault === null) return messageOf(error);
  return `not JSON at column ${fault.offset + 1}: ${describeFault(fault, "line")}`;
}
