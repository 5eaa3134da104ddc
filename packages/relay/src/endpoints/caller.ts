import type { Configuration } from "@sortition/core";
import { inAuthorization } from "../access/credentials.js";
import type { TokenUses } from "../access/token-uses.js";
import type { Token } from "../access/tokens.js";
import type { TokenScope } from "../config/config.js";
import type { Environment, Evaluation } from "../environment/environment.js";
import { corsHeaders } from "../http/cors.js";
import type { EndpointCall } from "../http/endpoint.js";
import type { Refusals } from "../http/refusals.js";
import { retryAfter } from "../http/retry-after.js";
import { sendProblem, sendTooMany } from "../http/send.js";
import type { TicketPurpose, Tickets } from "./ticket.js";

/** A caller with a valid token. */
export interface Caller {
  readonly environment: Environment;
  readonly token: Token;
  /** Headers of every response. */
  readonly cors: Readonly<Record<string, string>>;
}

/** A caller, and the evaluation for it. */
export interface EvaluatingCaller extends Caller {
  readonly evaluation: Evaluation;
  readonly configuration: Configuration;
}

export interface CallerParts {
  readonly refusals: Refusals;
  readonly tickets: Tickets;
  readonly tokenUses: TokenUses;
}

/**
 * Identifies the caller. Sends an error and returns `null` if the environment is unknown or does not evaluate flags (404), if
 * the token is missing or wrong (401), if it may not evaluate (403), or if it has reached its limit (429).
 *
 * @param purpose - accepts a ticket for this purpose in the query instead of a token; `null`: accepts only tokens.
 */
export function identifyCaller(
  { environment, exchange, request }: EndpointCall,
  route: string,
  { refusals, tickets, tokenUses }: CallerParts,
  purpose: TicketPurpose | null,
): Caller | null {
  if (environment === null || !environment.config.evaluate) {
    // The advice is the same for all names, so that names cannot be guessed.
    const form = `write /ENVIRONMENT${route}, where ENVIRONMENT has evaluate: true`;
    sendProblem(exchange, 404, `there is no such path: ${form}`);
    return null;
  }
  const cors = corsHeaders(exchange, environment.config.origins);
  const ticket = purpose === null ? undefined : request.query("ticket");
  const credential = inAuthorization("Bearer")(request) ?? request.header("x-api-key") ?? null;
  const token =
    purpose !== null && ticket !== undefined
      ? tickets.find(purpose, environment, ticket)
      : environment.tokens.identify(credential);
  if (token?.permissions.includes("evaluate") === true) {
    if (tokenUses.admit(token, request)) return { environment, token, cors };
    sendTooMany(exchange, cors);
    return null;
  }
  if (token === null) {
    refusals.note(route, environment, credential);
    const problem =
      credential === null && ticket === undefined
        ? "the token is missing: send Authorization: Bearer TOKEN"
        : "the token is missing or wrong";
    sendProblem(exchange, 401, problem, cors);
  } else {
    refusals.noteScope(route, token.name);
    sendProblem(exchange, 403, lacksScope("evaluate", "evaluate"), cors);
  }
  return null;
}

/** Returns the response for a token that may not do something. */
export function lacksScope(what: string, scope: TokenScope): string {
  return `the token may not ${what}: use one whose scopes in relay.json contain "${scope}"`;
}

/** Returns the evaluation for a caller. Before the first configuration, sends 503 and returns `null`. */
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
