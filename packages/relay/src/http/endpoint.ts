import type { CredentialParts } from "../access/credentials.js";
import type { Environment } from "../environment/environment.js";
import type { Exchange } from "./exchange.js";

/** One request to an {@link Endpoint}. */
export interface EndpointCall {
  readonly exchange: Exchange;
  readonly request: CredentialParts;
  /** `null`: no environment has this name. */
  readonly environment: Environment | null;
}

/** Handles requests of one address, for environments of any vendor. */
export interface Endpoint {
  readonly method: "GET" | "POST";
  /** Hono's template of the path after the environment's name, which logs and metrics use, too. */
  readonly template: string;
  /** Sends the response, and resolves to the name of the token for metrics; `null` without a valid token. */
  answer(call: EndpointCall): Promise<string | null>;
}
