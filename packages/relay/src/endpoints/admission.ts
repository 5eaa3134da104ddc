import type { EndpointCall } from "../http/endpoint.js";
import { RETRY_SECONDS } from "../http/retry-after.js";
import { sendProblem } from "../http/send.js";
import type { Caller } from "./caller.js";

/** Whether there is room for the exposures of a request. If not, sends 503 with `Retry-After`. */
export function admitExposures({ exchange }: EndpointCall, { cors, environment }: Caller): boolean {
  if (environment.exposures?.admit() !== false) return true;
  const headers = { ...cors, "retry-after": `${RETRY_SECONDS}` };
  sendProblem(exchange, 503, "too many exposures are waiting", headers);
  return false;
}
