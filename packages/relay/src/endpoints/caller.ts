import type { Configuration } from "@sortition/core";
import { inAuthorization } from "../access/credentials.js";
import type { Token } from "../access/tokens.js";
import type { Environment, Evaluation } from "../environment/environment.js";
import { corsHeaders } from "../http/cors.js";
import type { EndpointCall } from "../http/endpoint.js";
import type { Refusals } from "../http/refusals.js";
import { retryAfter } from "../http/retry-after.js";
import { sendProblem } from "../http/send.js";
import type { TicketPurpose, Tickets } from "./ticket.js";

/** Who asks, with a right token. */
export interface Caller {
  readonly environment: Environment;
  readonly token: Token;
  /** Headers of every answer. */
  readonly cors: Readonly<Record<string, string>>;
}

/** What evaluates for a caller. */
export interface EvaluatingCaller extends Caller {
  readonly evaluation: Evaluation;
  readonly configuration: Configuration;
}

export interface CallerParts {
  readonly refusals: Refusals;
  readonly tickets: Tickets;
}

/**
 * Finds out who asks, or answers that it may not: 404 for an environment that there is not, or that evaluates nothing,
 * 401 without a right token, 403 for one that may not evaluate.
 *
 * @param purpose - of a ticket in the query, which is taken in place of a token; `null`: none is.
 */
export function identifyCaller(
  { environment, exchange, request }: EndpointCall,
  route: string,
  { refusals, tickets }: CallerParts,
  purpose: TicketPurpose | null,
): Caller | null {
  if (environment === null || !environment.config.evaluate) {
    sendProblem(exchange, 404, "there is no such path");
    return null;
  }
  const cors = corsHeaders(exchange, environment.config.origins);
  const ticket = purpose === null ? undefined : request.query("ticket");
  const credential = inAuthorization("Bearer")(request) ?? request.header("x-api-key") ?? null;
  const token =
    purpose !== null && ticket !== undefined
      ? tickets.find(purpose, environment, ticket)
      : environment.tokens.identify(credential);
  if (token?.permissions.includes("evaluate") === true) return { environment, token, cors };
  refusals.note(route);
  if (token === null) sendProblem(exchange, 401, "the token is missing or wrong", cors);
  else sendProblem(exchange, 403, "the token may not evaluate", cors);
  return null;
}

/** What evaluates for a caller, or `null` after the answer that there is nothing yet. */
export function requireEvaluation(
  { exchange }: EndpointCall,
  caller: Caller,
): EvaluatingCaller | null {
  const { cors, environment } = caller;
  const { evaluation } = environment;
  const configuration = evaluation?.quiet.getConfiguration() ?? null;
  if (evaluation !== null && configuration !== null)
    return { ...caller, evaluation, configuration };
  sendProblem(exchange, 503, "there is no configuration yet", {
    ...cors,
    ...retryAfter(environment),
  });
  return null;
}
