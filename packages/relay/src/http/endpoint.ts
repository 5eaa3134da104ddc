import type { Environment } from "../environment/environment.js";
import type { RouteRequest } from "../vendors/route.js";
import type { Exchange } from "./exchange.js";

/** One request to an {@link Endpoint}. */
export interface EndpointCall {
  readonly exchange: Exchange;
  readonly request: RouteRequest;
  /** `null`: there is none of this name. */
  readonly environment: Environment | null;
}

/** What answers requests of one address, for environments of any vendor. */
export interface Endpoint {
  readonly method: "GET" | "POST";
  /** Path after the environment's name, as Hono writes it. Logs and metrics name the address by it. */
  readonly template: string;
  /** Answers, and resolves to the name of the token, for metrics; `null` without a right one. */
  answer(call: EndpointCall): Promise<string | null>;
}
