import type { EndpointCall } from "../http/endpoint.js";
import { RETRY_SECONDS } from "../http/retry-after.js";
import { sendProblem } from "../http/send.js";
import type { Caller } from "./caller.js";

/**
 * Whether to accept a request with exposures. If not, sends 503 with `Retry-After`.
 *
 * @param kind - what the exposures come from.
 */
export function admitExposures(
  { exchange }: EndpointCall,
  { cors, environment }: Caller,
  kind: "evaluation" | "report",
): boolean {
  if (environment.admits(kind)) return true;
  const headers = { ...cors, "retry-after": `${RETRY_SECONDS}` };
  sendProblem(exchange, 503, "exposures cannot be stored at the moment", headers);
  return false;
}
