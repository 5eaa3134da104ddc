import type { Clock, Configuration } from "@sortition/core";
import { runInSlices } from "@sortition/core/internal";
import { inAuthorization } from "../../access/credentials.js";
import type { TokenUses } from "../../access/token-uses.js";
import type { Token } from "../../access/tokens.js";
import { type Answer, answerOf } from "../../environment/answers.js";
import type { Environment } from "../../environment/environment.js";
import { hasHashedKeys } from "../../environment/hashed-keys.js";
import { EXPLAINERS } from "../../explain/explainers.js";
import { sendPart } from "../../http/conditional.js";
import { corsHeaders } from "../../http/cors.js";
import type { Endpoint } from "../../http/endpoint.js";
import type { Exchange } from "../../http/exchange.js";
import { type Refusals, TOKEN_REFUSED } from "../../http/refusals.js";
import { retryAfter } from "../../http/retry-after.js";
import { sendJson, sendTooMany } from "../../http/send.js";
import { lacksScope } from "../caller.js";
import { manifestOf } from "./manifest.js";

const TEMPLATE = "/openfeature/v0/manifest";

/** Serves OpenFeature's manifest to `openfeature pull`, for tokens with the scope `manifest`. */
export function manifestEndpoint({
  clock,
  refusals,
  tokenUses,
}: {
  readonly clock: Clock;
  readonly refusals: Refusals;
  readonly tokenUses: TokenUses;
}): Endpoint {
  // Each token may list other flags.
  const known = new WeakMap<Configuration, Map<Token, Promise<Answer>>>();

  const manifestFor = (
    configuration: Configuration,
    environment: Environment,
    token: Token,
  ): Promise<Answer> => {
    const byToken = known.get(configuration) ?? new Map<Token, Promise<Answer>>();
    known.set(configuration, byToken);
    const held = byToken.get(token);
    if (held !== undefined) return held;
    const steps = manifestOf(configuration, EXPLAINERS[environment.config.dialect], token.hasFlag);
    const made = runInSlices(steps, clock).then((bytes) => answerOf({ bytes, etag: null }));
    byToken.set(token, made);
    return made;
  };

  return {
    method: "GET",
    template: TEMPLATE,
    async answer({ environment, exchange, request }) {
      const cors = corsHeaders(exchange, environment?.config.origins ?? []);
      const credential = inAuthorization("Bearer")(request);
      const token = environment?.tokens.identify(credential) ?? null;
      if (environment === null || token === null) {
        const named = { found: environment, name: request.param("environment") };
        if (environment === null) refusals.noteUnknown(TEMPLATE, named);
        else refusals.note(TEMPLATE, environment, credential);
        sendError(exchange, 401, TOKEN_REFUSED, cors);
        return null;
      }
      const { configuration } = environment;
      const problem = configuration === null ? null : problemOf(configuration);
      if (!token.permissions.includes("manifest")) {
        refusals.noteScope(TEMPLATE, token.name);
        sendError(exchange, 403, lacksScope("read the manifest", "manifest"), cors);
      } else if (!tokenUses.admit(token, request)) {
        sendTooMany(exchange, cors);
      } else if (configuration === null) {
        const headers = { ...cors, ...retryAfter(environment) };
        sendError(exchange, 503, "there is no configuration yet", headers);
      } else if (problem !== null) {
        sendError(exchange, 500, problem, cors);
      } else {
        const part = await manifestFor(configuration, environment, token);
        const headers = { ...cors, "x-manifest-capabilities": "read" };
        await sendPart(exchange, part, environment.ageMs, headers);
      }
      return token.name;
    },
  };
}

/** The reason why the flags cannot be listed; `null` if they can. */
function problemOf(configuration: Configuration): string | null {
  if (hasHashedKeys(configuration))
    return "flag keys are hashed: the relay needs a key for servers";
  // Without flags, reading the issues is cheap.
  const isEncrypted =
    configuration.flagKeys.size === 0 &&
    configuration.issues.some(({ code }) => code === "undecryptable");
  return isEncrypted ? "flags are encrypted: the relay needs options.decryptionKey" : null;
}

/** Sends an error in the format of OpenFeature's sync API. */
function sendError(
  exchange: Exchange,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>>,
): void {
  const content = { error: { message, status } };
  sendJson(exchange, status, Buffer.from(`${JSON.stringify(content)}\n`), headers);
}
