import { isJsonObject } from "@sortition/core/dialect";
import { inPath } from "../access/credentials.js";
import type { GrowthbookEvaluationRequest } from "../environment/growthbook-evaluator.js";
import { corsHeaders } from "../http/cors.js";
import type { Endpoint, EndpointCall } from "../http/endpoint.js";
import { TOKEN_REFUSED } from "../http/refusals.js";
import { retryAfter } from "../http/retry-after.js";
import { sendJson, sendMessage, sendTooMany } from "../http/send.js";
import type { CallerParts } from "./caller.js";
import { headersOfBad, readJson } from "./request.js";

const TEMPLATE = "/api/eval/:key";
/** Limit of the vendor's proxy for each of the three lists. */
const MAX_ENTRIES = 1_000;
/**
 * Maximum length of strings that patterns are matched against. In the vendor's code, even common patterns take time that grows
 * with the square of the length.
 */
const MAX_TEXT_LENGTH = 2_048;

const credential = inPath("key");

/** GrowthBook's remote evaluation, for tokens with `remoteEval`. */
export function growthbookEndpoint({
  refusals,
  tokenUses,
}: Pick<CallerParts, "refusals" | "tokenUses">): Endpoint {
  return {
    method: "POST",
    template: TEMPLATE,
    async answer(call) {
      const { environment, exchange, request } = call;
      const token = environment?.tokens.identify(credential(request)) ?? null;
      if (environment === null || token === null) {
        const named = { found: environment, name: request.param("environment") };
        if (environment === null) refusals.noteUnknown(TEMPLATE, named);
        else refusals.note(TEMPLATE, environment, credential(request));
        sendMessage(exchange, 401, TOKEN_REFUSED);
        return null;
      }
      const cors = corsHeaders(exchange, environment.config.origins);
      if (!tokenUses.admit(token, request)) sendTooMany(exchange, cors);
      else if (token.permissions.includes("remote-eval")) await evaluate(call, cors);
      else
        sendMessage(
          exchange,
          400,
          'the token is not for remote evaluation: use one with "remoteEval": true in relay.json',
          cors,
        );
      return token.name;
    },
  };
}

async function evaluate(
  { environment, exchange }: EndpointCall,
  cors: Readonly<Record<string, string>>,
): Promise<void> {
  const { answers = null, growthbookEvaluator = null } = environment ?? {};
  const body = await readJson(exchange);
  if (body.kind === "bad") {
    const headers = { ...cors, ...headersOfBad(body) };
    return sendMessage(exchange, body.status, body.errorDetails, headers);
  }
  const request = parseRequest(body.value);
  if (typeof request === "string") return sendMessage(exchange, 400, request, cors);
  const answer =
    answers === null ? null : ((await growthbookEvaluator?.evaluate(answers, request)) ?? null);
  if (environment === null || answer === null) {
    const wait = environment === null ? {} : retryAfter(environment);
    return sendMessage(exchange, 503, "there is no configuration yet", { ...cors, ...wait });
  }
  sendJson(exchange, 200, Buffer.from(JSON.stringify(answer)), {
    ...cors,
    "x-sse-support": "enabled",
  });
}

/** Checks a body as the vendor's proxy does. Returns a message if it is invalid. */
function parseRequest(body: unknown): GrowthbookEvaluationRequest | string {
  if (!isJsonObject(body)) return "expected an object";
  const { attributes = {}, forcedFeatures = [], forcedVariations = {}, url = "" } = body;
  if (!isJsonObject(attributes) || Object.keys(attributes).length > MAX_ENTRIES) {
    return `attributes: expected an object of at most ${MAX_ENTRIES} members`;
  }
  if (!isNumbers(forcedVariations)) {
    return `forcedVariations: expected an object of at most ${MAX_ENTRIES} numbers`;
  }
  if (!isPairs(forcedFeatures)) {
    return `forcedFeatures: expected a list of at most ${MAX_ENTRIES} pairs of a key and a value`;
  }
  if (typeof url !== "string") return "url: expected a string";
  for (const [name, value] of Object.entries({ attributes, forcedFeatures, url })) {
    if (hasLongText(value)) return `${name}: a string is longer than ${MAX_TEXT_LENGTH} characters`;
  }
  return { attributes, forcedFeatures, forcedVariations, url };
}

function isNumbers(value: unknown): value is Record<string, number> {
  if (!isJsonObject(value)) return false;
  const numbers = Object.values(value);
  return numbers.length <= MAX_ENTRIES && numbers.every((it) => typeof it === "number");
}

function isPairs(value: unknown): value is (readonly [string, unknown])[] {
  if (!Array.isArray(value) || value.length > MAX_ENTRIES) return false;
  return value.every((it) => Array.isArray(it) && it.length === 2 && typeof it[0] === "string");
}

function hasLongText(json: unknown): boolean {
  const left = [json];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === "string" && value.length > MAX_TEXT_LENGTH) return true;
    if (typeof value === "object" && value !== null) left.push(...Object.values(value));
  }
  return false;
}
