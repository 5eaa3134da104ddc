import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Clock, Diagnostics } from "@sortition/core";
import { type Context, Hono } from "hono";
import type { CredentialParts } from "../access/credentials.js";
import type { TokenUses } from "../access/token-uses.js";
import type { Token } from "../access/tokens.js";
import type { Environment } from "../environment/environment.js";
import type { Environments } from "../environment/environments.js";
import type { Readiness, ReadinessCheck } from "../environment/readiness.js";
import type {
  Route,
  RouteReply,
  StreamRoute,
  StreamWire,
  WebhookSignature,
} from "../vendors/route.js";
import { ROUTES } from "../vendors/routes.js";
import { VERSION } from "../version.js";
import { sendPart } from "./conditional.js";
import { corsHeaders, sendPreflight } from "./cors.js";
import type { Endpoint, EndpointCall } from "./endpoint.js";
import { type EventStreams, lastEventId } from "./event-streams.js";
import { type Exchange, type HttpEnv, type ResponseWriter, writeResponse } from "./exchange.js";
import { noSuchPath } from "./no-such-path.js";
import { type Refusals, TOKEN_REFUSED } from "./refusals.js";
import { RETRY_SECONDS, retryAfter } from "./retry-after.js";
import { sendJson, sendMessage, sendTooMany } from "./send.js";
import { noteServed, type Served } from "./served.js";
import { ADVICE, checkSignature } from "./webhook.js";

/** Maximum number of environments that the log names when one is not found. */
const MAX_NAMED = 5;

type Headers = Readonly<Record<string, string>>;

export interface AppOptions {
  readonly streams: EventStreams;
  readonly refusals: Refusals;
  readonly environments: Environments;
  /** Endpoints other than the vendors' own. */
  readonly endpoints: readonly Endpoint[];
  readonly diagnostics: Diagnostics;
  readonly readiness: Pick<ReadinessCheck, "ofAll" | "of">;
  readonly clock: Clock;
  readonly served: Served;
  readonly tokenUses: TokenUses;
}

/** Handles requests of SDKs. */
export type AppListener = (incoming: IncomingMessage, outgoing: ServerResponse) => unknown;

/** Creates the request listener for a set of environments. */
export function createApp({
  clock,
  diagnostics,
  endpoints,
  environments,
  readiness,
  refusals,
  served,
  streams,
  tokenUses,
}: AppOptions): AppListener {
  // A slash at the end of a path is optional: the same SDK sends it in one version, and not in another.
  const app = new Hono<HttpEnv>({ strict: false });

  const environmentOf = (context: Context<HttpEnv>): Environment | null =>
    environments.find(context.req.param("environment"));

  const servedBy = ({ dialect }: Route): readonly string[] =>
    [...environments]
      .filter(({ config }) => config.dialect === dialect)
      .map(({ name }) => name)
      .slice(0, MAX_NAMED);

  const serve = (route: Route): ResponseWriter =>
    writeResponse(async (exchange, context) => {
      const found = environmentOf(context);
      const environment = found?.config.dialect === route.dialect ? found : null;
      const request = readRequest(context);
      const token = await answer({ exchange, route, environment, found, request });
      const facts = { route: route.template, environment: environment?.name ?? null, token };
      noteServed(exchange, served, facts);
    });

  /** @returns the name of the token if it is valid. */
  const answer = async ({
    environment,
    exchange,
    found,
    request,
    route,
  }: Call): Promise<string | null> => {
    const cors = corsHeaders(exchange, environment?.config.origins ?? []);
    if (route.kind === "webhook") {
      await receiveWebhook(exchange, environment, route.signature(request), clock.now());
      return null;
    }
    const token = environment === null ? null : tokenOf(request, route, environment);
    if (environment === null || token === null) {
      const credential = route.credential(request);
      const known = environment?.tokens.identify(credential) ?? null;
      const named = { found, name: request.param("environment") };
      if (environment === null) refusals.noteUnknown(route.template, named, () => servedBy(route));
      else if (known === null || isPermitted(known, route)) {
        refusals.note(route.template, environment, known === null ? credential : null);
      } else refusals.noteScope(route.template, known.name);
      sendMessage(exchange, 401, TOKEN_REFUSED);
      return null;
    }
    if (!tokenUses.admit(token, request)) {
      sendTooMany(exchange, cors);
      return token.name;
    }
    const { answers } = environment;
    if (answers === null) {
      sendNotYet(exchange, environment, cors);
    } else if (route.kind === "stream") {
      const wire = wireOf(route, token);
      const stream = { environment, headers: cors, held: lastEventId(exchange), token };
      const isOpen = wire !== null && streams.open(exchange, { ...stream, wire, hasTicket: false });
      if (!isOpen) sendBusy(exchange, cors);
    } else if (!token.permissions.includes(route.needs)) {
      sendMessage(
        exchange,
        400,
        "with this token, use /api/eval: set remoteEval: true in the SDK",
        cors,
      );
    } else {
      await sendReply(exchange, environment, route.reply(request, answers), cors);
    }
    return token.name;
  };

  const preflight = writeResponse((exchange, context) =>
    sendPreflight(exchange, environmentOf(context), refusals),
  );

  for (const route of ROUTES) {
    const paths = [route.template, `/:environment${route.template}`];
    if (route.kind === "webhook") {
      for (const path of paths) app.post(path, serve(route));
      continue;
    }
    for (const path of paths) {
      app.get(path, serve(route));
      app.options(path, preflight);
    }
  }
  for (const endpoint of endpoints) {
    const { method, template } = endpoint;
    const handler = writeResponse(async (exchange, context) => {
      const environment = environmentOf(context);
      const token = await endpoint.answer({ exchange, environment, request: readRequest(context) });
      const facts = { route: template, environment: environment?.name ?? null, token };
      noteServed(exchange, served, facts);
    });
    const refuseMethod = writeResponse((exchange) => {
      sendMessage(exchange, 404, `there is no such path for this method: use ${method}`);
      noteServed(exchange, served, { route: UNMATCHED, environment: null, token: null });
    });
    for (const path of [template, `/:environment${template}`]) {
      app.on(method, path, handler);
      app.options(path, preflight);
      app.all(path, refuseMethod);
    }
  }
  app.get(
    "/livez",
    writeResponse((exchange) => sendMessage(exchange, 200, "alive")),
  );
  app.get(
    "/readyz",
    writeResponse((exchange) => sendReadiness(exchange, readiness.ofAll())),
  );
  app.get(
    "/:environment/readyz",
    writeResponse((exchange, context) =>
      sendReadiness(exchange, readiness.of(environmentOf(context))),
    ),
  );
  // GrowthBook requests this path to test the connection to a proxy.
  for (const path of ["/healthcheck", "/:environment/healthcheck"]) {
    app.get(
      path,
      writeResponse((exchange) => sendJson(exchange, 200, HEALTHCHECK)),
    );
  }
  const refuseFailed = writeResponse((exchange) => {
    if (exchange.outgoing.headersSent) exchange.outgoing.destroy();
    else sendMessage(exchange, 500, "the relay failed");
  });
  const templates = [...ROUTES, ...endpoints].map(({ template }) => template);
  app.notFound(
    writeResponse((exchange, { req }) => {
      sendMessage(exchange, 404, noSuchPath(req.path, templates));
      noteServed(exchange, served, { route: UNMATCHED, environment: null, token: null });
    }),
  );
  app.onError((error, context) => {
    diagnostics.error("a request failed", { error: error.name });
    return refuseFailed(context);
  });
  return getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    // Some load balancers check health with HTTP/1.0, which has no `Host`.
    hostname: "relay",
    // `Host` and target are no valid URL, so no path matches. The error's message contains the URL, so it is not sent.
    errorHandler: () => new Response(null, { status: 404 }),
  });
}

const HEALTHCHECK = Buffer.from(JSON.stringify({ ok: true, proxyVersion: VERSION }));

function sendReadiness(exchange: Exchange, { isReady, notReady }: Readiness): void {
  const content = { message: isReady ? "ready" : "not ready", notReady };
  sendJson(exchange, isReady ? 200 : 503, Buffer.from(`${JSON.stringify(content)}\n`));
}

/** Name in metrics for requests that match no route. */
const UNMATCHED = "unmatched";

/** The environment is `null` if none of the route's vendor has this name. */
interface Call extends EndpointCall {
  readonly route: Route;
  /** The environment that the path names, of any vendor. */
  readonly found: Environment | null;
}

function readRequest({ req }: Context<HttpEnv>): CredentialParts {
  return {
    param: (name) => req.param(name),
    query: (name) => req.query(name),
    header: (name) => req.header(name),
  };
}

function tokenOf(
  request: CredentialParts,
  route: Exclude<Route, { readonly kind: "webhook" }>,
  { config: { input }, tokens }: Environment,
): Token | null {
  const token = tokens.identify(route.credential(request));
  if (token === null || !isPermitted(token, route)) return null;
  const source = input.kind === "source" ? input.source : {};
  const isForeign = route.kind === "part" && route.isForeign?.(request, source) === true;
  return isForeign ? null : token;
}

/** Whether a token may use the route, or another address that the response names. */
function isPermitted(
  { permissions }: Token,
  route: Exclude<Route, { readonly kind: "webhook" }>,
): boolean {
  const needed =
    route.kind === "stream"
      ? route.wires.map(({ needs }) => needs)
      : [route.needs, route.elsewhere];
  return needed.some((it) => it !== undefined && permissions.includes(it));
}

/** Returns the stream that a token may open, or `null`. */
function wireOf({ wires }: StreamRoute, { permissions }: Token): StreamWire | null {
  return wires.find(({ needs }) => permissions.includes(needs))?.wire ?? null;
}

async function sendReply(
  exchange: Exchange,
  environment: Environment,
  reply: RouteReply,
  cors: Headers,
): Promise<void> {
  switch (reply.kind) {
    case "part":
      return await sendPart(exchange, reply.part, environment.ageMs, { ...cors, ...reply.headers });
    case "no-content":
      exchange.outgoing.writeHead(204, cors).end();
      return;
    case "too-large":
      return sendMessage(exchange, 413, "the part is larger than the request allows", cors);
    case "not-found":
      return sendMessage(exchange, 404, "there is no such part", cors);
    case "not-yet":
      return sendNotYet(exchange, environment, cors);
  }
}

function sendNotYet(exchange: Exchange, environment: Environment, cors: Headers): void {
  const headers = { ...cors, ...retryAfter(environment) };
  sendMessage(exchange, 503, "there is no configuration yet", headers);
}

function sendBusy(exchange: Exchange, cors: Headers): void {
  sendMessage(exchange, 503, "too many streams", { ...cors, "retry-after": `${RETRY_SECONDS}` });
}

/** Refreshes the configuration after a signed message. The content of the message is never served. */
async function receiveWebhook(
  exchange: Exchange,
  environment: Environment | null,
  signature: WebhookSignature | null,
  nowMs: number,
): Promise<void> {
  const secret = environment?.config.webhookSecret ?? null;
  if (environment === null || secret === null) {
    sendMessage(exchange, 404, "there is no such path");
    return;
  }
  const refusal = await checkSignature(exchange, secret, signature, nowMs);
  if (refusal === null) {
    environment.requestRefresh();
    sendMessage(exchange, 200, "refreshing");
  } else {
    environment.webhooks.note(refusal);
    sendMessage(exchange, 401, `webhook refused: ${refusal}${ADVICE[refusal]}`);
  }
}
