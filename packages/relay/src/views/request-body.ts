import { readBody } from "../http/body.js";
import { BODIES_FULL } from "../http/body-memory.js";
import type { Exchange } from "../http/exchange.js";
import { RequestProblem } from "./request-problem.js";

/** Maximum size of a request, whose attributes may be large. */
const MAX_BODY_BYTES = 8 * 1_024 * 1_024;

/** Reads the body of a request. Rejects with a RequestProblem if it is too large. */
export async function bodyText({
  env,
}: {
  readonly env: Pick<Exchange, "incoming" | "outgoing">;
}): Promise<string> {
  const body = await readBody(env, MAX_BODY_BYTES);
  if (body === "too-long") throw new RequestProblem(413, "the request is too large");
  if (body === "no-memory") throw new RequestProblem(503, BODIES_FULL);
  return new TextDecoder().decode(body);
}
