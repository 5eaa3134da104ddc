import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Clock, Diagnostics } from "@sortition/core";
import { limitDiagnostics } from "@sortition/core/internal";
import type { StreamedResponse } from "@sortition/node/internal";
import type { TokenUses } from "../access/token-uses.js";
import type { Environment } from "../environment/environment.js";
import type { Environments } from "../environment/environments.js";
import {
  REMOTE_CONFIG_TEMPLATE,
  remoteConfigKey,
  type Target,
  targetOf,
} from "../vendors/posthog-targets.js";
import { corsHeaders, sendPreflight } from "./cors.js";
import type { Exchange } from "./exchange.js";
import { type Refusals, TOKEN_REFUSED } from "./refusals.js";
import { MAX_BODY_BYTES, RequestLimits } from "./request-limits.js";
import { sendMessage, sendTooMany } from "./send.js";
import type { RequestFacts } from "./served.js";
import { VendorConnections } from "./vendor-connections.js";

const MAX_AT_ONCE = 256;
const RETRY_SECONDS = 1;
/** Maximum size of a body that is kept, so that the request can be sent again. */
const MAX_REPEATED_BYTES = 64 * 1_024;

/** The only request headers that are forwarded upstream. A client must not be able to set others on behalf of the relay. */
const SENT_HEADERS = [
  ...["content-type", "content-encoding", "user-agent", "accept"],
  // The newest event endpoint counts attempts by these headers.
  ...["posthog-sdk-info", "posthog-attempt", "posthog-request-id", "posthog-request-timestamp"],
];
/** Headers of the upstream response that are returned to the client. */
const RETURNED_HEADERS = ["content-type", "retry-after"];

/** A proxied request, recognised by its raw path. */
type Passed =
  | { readonly kind: "events"; readonly environment: Environment; readonly target: Target }
  | {
      readonly kind: "remote-config";
      readonly environment: Environment | null;
      readonly key: string;
    };

export interface PassThroughOptions {
  readonly environments: Environments;
  readonly refusals: Refusals;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  readonly tokenUses: TokenUses;
}

/**
 * Proxies events and remote flags of PostHog's SDKs to PostHog, because these SDKs use one host for everything. The upstream
 * server is that of the environment's source, and the paths are fixed. Events are not sent again after a failure, because they
 * could be counted twice.
 */
export class PassThrough {
  readonly #options: PassThroughOptions;
  readonly #connections = new Map<Environment, VendorConnections>();
  /** Reports the same failure at most once in ten minutes. */
  readonly #diagnostics: Diagnostics;
  #count = 0;

  constructor(options: PassThroughOptions) {
    this.#options = options;
    this.#diagnostics = limitDiagnostics(options.diagnostics, options.clock);
  }

  /** Returns the request if it is to be proxied, otherwise `null`. Compares the raw path, before any decoding. */
  find({ method, url = "" }: IncomingMessage): Passed | null {
    const [raw = ""] = url.split("?", 1);
    const [, name, rest] = /^\/([^/]+)(\/.*)$/.exec(raw) ?? [];
    const { environments } = this.#options;
    const places = [
      { found: environments.default, path: raw },
      { found: name === undefined ? null : environments.find(name), path: rest ?? "" },
    ];
    for (const { found, path } of places) {
      const environment = found?.config.dialect === "posthog" ? found : null;
      const key = method === "GET" ? remoteConfigKey(path) : null;
      if (key !== null) return { kind: "remote-config", environment, key };
      if (method !== "POST" && method !== "OPTIONS") continue;
      const target = targetOf(path);
      if (target !== null && environment?.config.passThrough === true) {
        return { kind: "events", environment, target };
      }
    }
    return null;
  }

  /** Forwards a request, and returns the response. Never rejects. */
  async handle(exchange: Exchange, passed: Passed): Promise<RequestFacts> {
    const { environment } = passed;
    const cors = corsHeaders(exchange, environment?.config.origins ?? []);
    if (passed.kind === "events") {
      const facts = {
        route: passed.target.path,
        environment: passed.environment.name,
        token: null,
      };
      if (exchange.incoming.method === "OPTIONS") {
        sendPreflight(exchange, passed.environment, this.#options.refusals);
      } else {
        const upstream = eventsUrl(passed.environment, passed.target, exchange.incoming.url ?? "");
        const { isRepeatable = false, path } = passed.target;
        const request = { route: path, method: "POST", isRepeatable, upstream } as const;
        await this.#forward(exchange, passed.environment, request, cors);
      }
      return facts;
    }
    const bearer = bearerOf(exchange.incoming.headers);
    const token = environment?.tokens.find(bearer, "secrets") ?? null;
    const source = environment === null ? null : sourceOf(environment);
    const facts = { route: REMOTE_CONFIG_TEMPLATE, token: token?.name ?? null };
    if (environment === null || source === null || token === null) {
      const { refusals } = this.#options;
      const known = token === null ? (environment?.tokens.identify(bearer) ?? null) : null;
      if (known === null) refusals.note(REMOTE_CONFIG_TEMPLATE, environment, bearer);
      else refusals.noteScope(REMOTE_CONFIG_TEMPLATE, known.name);
      sendMessage(exchange, 401, TOKEN_REFUSED);
      return { ...facts, environment: null };
    }
    const { headers } = exchange.incoming;
    const header = (name: string): string | undefined => headers[name]?.toString();
    const request = { header, param: () => undefined, query: () => undefined };
    if (!this.#options.tokenUses.admit(token, request)) {
      sendTooMany(exchange, cors);
      return { ...facts, environment: environment.name };
    }
    const upstream = {
      url: `${source.host}/api/projects/@current/feature_flags/${passed.key}/remote_config?token=${encodeURIComponent(source.projectApiKey)}`,
      authorization: `Bearer ${source.secretKey}`,
    };
    const route = REMOTE_CONFIG_TEMPLATE;
    const forwarded = { route, method: "GET", isRepeatable: true, upstream } as const;
    await this.#forward(exchange, environment, forwarded, cors);
    return { ...facts, environment: environment.name };
  }

  /** Closes the connections of an environment to its vendor. */
  forget(environment: Environment): void {
    this.#connections.get(environment)?.close();
    this.#connections.delete(environment);
  }

  /** Ends all connections to the vendor. */
  close(): void {
    for (const connections of this.#connections.values()) connections.close();
  }

  async #forward(
    exchange: Exchange,
    environment: Environment,
    request: ForwardedRequest,
    cors: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { incoming } = exchange;
    if (this.#count >= MAX_AT_ONCE) {
      return refuse(exchange, 503, "too many concurrent requests", cors);
    }
    if (Number(incoming.headers["content-length"] ?? 0) > MAX_BODY_BYTES) {
      return refuse(exchange, 413, "the body is too large", cors);
    }
    this.#count += 1;
    const limits = new RequestLimits(exchange, this.#options.clock);
    try {
      const response = await this.#send(incoming, environment, request, limits);
      exchange.outgoing.writeHead(response.statusCode, {
        ...cors,
        ...only(response.headers, RETURNED_HEADERS),
        // The rest of the body is not read, so the connection cannot be reused.
        ...(!incoming.complete && { connection: "close" }),
      });
      response.body.on("data", () => limits.isAlive());
      await pipeline(response.body, exchange.outgoing, { signal: limits.signal });
    } catch (error) {
      limits.abort();
      const { route } = request;
      const [status] = limits.failure;
      if (status >= 500 && !exchange.outgoing.destroyed) {
        const facts = { environment: environment.name, route, code: codeOf(error) };
        this.#diagnostics.warn("a request could not be forwarded", facts);
      }
      if (exchange.outgoing.headersSent) exchange.outgoing.destroy();
      else refuse(exchange, ...limits.failure, cors);
    } finally {
      limits.end();
      this.#count -= 1;
    }
  }

  /**
   * Sends a request. Sends it once more if a reused connection turns out to be closed, and it has no event. A large body is
   * not kept for that.
   */
  async #send(
    incoming: IncomingMessage,
    environment: Environment,
    { isRepeatable, method, upstream }: ForwardedRequest,
    limits: RequestLimits,
  ): Promise<StreamedResponse> {
    const connections = this.#connectionsOf(environment);
    const head = {
      ...{ method, url: upstream.url, headers: headersOf(incoming.headers, upstream) },
      signal: limits.signal,
    };
    if (!isRepeatable) return await connections.send({ ...head, body: limits.counted(incoming) });
    const chunks: Buffer[] = [];
    if (method === "POST") {
      const rest = limits.counted(incoming);
      const isWhole = await readBeginning(rest, chunks, limits);
      if (!isWhole) return await connections.send({ ...head, body: bodyOf(chunks, rest) });
    }
    const send = (): Promise<StreamedResponse> =>
      connections.send({ ...head, body: method === "POST" ? bodyOf(chunks) : null });
    try {
      return await send();
    } catch (error) {
      if (limits.signal.aborted || !CLOSED.has(codeOf(error))) throw error;
      return await send();
    }
  }

  #connectionsOf(environment: Environment): VendorConnections {
    const known = this.#connections.get(environment);
    if (known !== undefined) return known;
    const made = new VendorConnections(sourceOf(environment)?.proxy, MAX_AT_ONCE);
    this.#connections.set(environment, made);
    return made;
  }
}

/** A request as it is forwarded. */
interface ForwardedRequest {
  /** Name of the route in logs. */
  readonly route: string;
  readonly method: "GET" | "POST";
  readonly isRepeatable: boolean;
  readonly upstream: Upstream;
}

/** Codes of errors that mean that the server had closed the connection. */
const CLOSED: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

function codeOf(error: unknown): string {
  const { code = "unknown" } = (error ?? {}) as { readonly code?: string }; // a system code, or one of undici
  return code;
}

/** Reads a body until it ends or is too large to be sent again. Returns whether it has ended. */
async function readBeginning(
  body: AsyncIterator<Buffer>,
  chunks: Buffer[],
  limits: RequestLimits,
): Promise<boolean> {
  for (let size = 0; size <= MAX_REPEATED_BYTES; ) {
    const { done, value } = await body.next();
    if (done === true) return true;
    limits.hold(value.length);
    chunks.push(value);
    size += value.length;
  }
  return false;
}

async function* bodyOf(
  chunks: readonly Buffer[],
  rest: AsyncIterable<Buffer> | null = null,
): AsyncGenerator<Buffer> {
  yield* chunks;
  if (rest !== null) yield* rest;
}

/** Where a request goes. */
interface Upstream {
  readonly url: string;
  /** `null`: the header is not sent. */
  readonly authorization: string | null;
}

/** The parts of a checked source that requests need. */
interface Source {
  readonly host: string;
  readonly projectApiKey: string;
  readonly secretKey: string;
  readonly proxy: string | undefined;
}

/** `null` for a file, which has no server. */
function sourceOf({ config: { input }, vendorUrl }: Environment): Source | null {
  if (input.kind === "file" || vendorUrl === null) return null;
  // PostHog's source has checked them.
  const { projectApiKey, proxy, secretKey } = input.source as Record<string, string | undefined>;
  return {
    host: vendorUrl,
    projectApiKey: projectApiKey?.trim() ?? "",
    secretKey: secretKey?.trim() ?? "",
    proxy,
  };
}

function eventsUrl(environment: Environment, target: Target, requested: string): Upstream {
  const { host = "", projectApiKey = "" } = sourceOf(environment) ?? {};
  const given = new URLSearchParams(requested.slice(requested.indexOf("?") + 1));
  const kept = new URLSearchParams();
  for (const name of target.parameters) {
    const value = requested.includes("?") ? given.get(name) : null;
    if (value !== null && HARMLESS.test(value)) kept.set(name, value);
  }
  if (target.project === "query") kept.set("token", projectApiKey);
  const query = kept.size === 0 ? "" : `?${kept}`;
  return {
    url: `${host}${target.path}${query}`,
    authorization: target.project === "bearer" ? `Bearer ${projectApiKey}` : null,
  };
}

const HARMLESS = /^[\w.-]{0,32}$/;

function headersOf(
  given: IncomingHttpHeaders,
  { authorization }: Upstream,
): Readonly<Record<string, string>> {
  return { ...only(given, SENT_HEADERS), ...(authorization !== null && { authorization }) };
}

function only(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (typeof value === "string") kept[name] = value;
  }
  return kept;
}

function bearerOf({ authorization = "" }: IncomingHttpHeaders): string | null {
  return /^Bearer (\S+)$/i.exec(authorization)?.[1] ?? null;
}

function refuse(
  exchange: Exchange,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>>,
): void {
  const retry = status === 503 ? { "retry-after": `${RETRY_SECONDS}` } : {};
  // The rest of the body is not read, so the connection cannot be reused.
  sendMessage(exchange, status, message, { ...headers, ...retry, connection: "close" });
}
