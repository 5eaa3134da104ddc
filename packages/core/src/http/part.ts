import type { Failure } from "../configuration/origin.js";
import { DecodeError, ProtocolError, type SortitionError } from "../errors/errors.js";
import { keyFault } from "../errors/key-fault.js";
import { relayHint, serverFaultHint } from "../errors/status-hint.js";
import type { Payload } from "../model/configuration.js";
import type { Endpoint, EndpointContext, QueryParameter } from "../model/dialect.js";
import type { Clock } from "../runtime/clock.js";
import { type AbortSignalLike, encodePair, type UrlLike } from "../runtime/host.js";
import { statusFailure, transientFailure } from "./failure.js";
import type { RenewedEtags } from "./renewed-etags.js";
import { retryAfterMs } from "./retry-after.js";

/** The response to a request, after redirects. */
export interface HttpResponse {
  readonly status: number;
  /** Returns the first header with this lower-case name, or `null`. */
  header(name: string): string | null;
  /** The decompressed body of a 2xx response. Empty for other responses, whose body is not read. */
  readonly body: Uint8Array;
}

/** A request for one part. */
export interface PartMessage<Url extends UrlLike> {
  readonly url: Url;
  readonly headers: Readonly<Record<string, string>>;
  /** Maximum size of the body, both compressed and decompressed. */
  readonly maxBodyBytes: number;
  readonly signal: AbortSignalLike;
}

/** Sends one request, and reads the whole body. Follows redirects according to `redirectTarget`. */
export type SendPart<Url extends UrlLike> = (message: PartMessage<Url>) => Promise<HttpResponse>;

/** Settings of all requests to a server. */
export interface Server<Url extends UrlLike> {
  /** The option with the server's address, for messages. `null`: it is the vendor's address. */
  readonly addressOption: string | null;
  /** Hint for a rejected key. */
  readonly keyHint: string;
  /** Returns the URL of an endpoint from its encoded path and query, which are appended to the base URL. */
  readonly locate: (path: string, query: string) => Url;
  /** Value of `accept-encoding`. `null`: the transport sends its own. */
  readonly acceptEncoding: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBodyBytes: number;
  readonly renewedEtags: RenewedEtags;
  /** Whether the body of a response with this status, other than 304, is the part. */
  readonly isUsable: (status: number) => boolean;
  /**
   * Whether the server offers a stream of changes. Called with the headers of each response that is used, and with the
   * current part if the response is a 304, because a 304 may lack headers of the first response.
   */
  readonly offersStream: (header: HttpResponse["header"], held: Payload | null) => boolean;
  readonly who: EndpointContext;
  readonly clock: Clock;
}

/** A part to request, and the caller's current version of it. */
export interface PartRequest<Url extends UrlLike> {
  readonly send: SendPart<Url>;
  readonly endpoint: Endpoint;
  readonly held: Payload | null;
  readonly signal: AbortSignalLike;
}

/** Outcome of a request for one part. */
export type PartResult =
  | { readonly kind: "fresh"; readonly payload: Payload }
  | { readonly kind: "unchanged" }
  | { readonly kind: "failed"; readonly failure: Failure };

/**
 * Requests one part. The request is conditional if the current part has an etag.
 *
 * @throws the errors of `send`.
 */
export async function fetchPart<Url extends UrlLike>(
  server: Server<Url>,
  asked: PartRequest<Url>,
): Promise<PartResult> {
  const { held } = asked;
  const etag = held === null ? null : server.renewedEtags.of(held);
  let response = await request(server, asked, etag);
  if (response.status === 304 && held !== null && etag !== null) {
    server.renewedEtags.renew(held, usableEtag(response.header("etag")));
    server.offersStream((name) => response.header(name), held);
    return { kind: "unchanged" };
  }
  // A proxy or cache returned 304 for a request without `if-none-match`. The second response may be right.
  if (response.status === 304) response = await request(server, asked, null);
  if (response.status === 304) {
    return unusable(new ProtocolError("the server answered 304 to an unconditional request"));
  }
  const { status, body } = response;
  const { addressOption: option } = server;
  const { origin } = server.locate(asked.endpoint.path(server.who), "");
  if (!server.isUsable(status)) {
    const message = `${origin} answered with status ${status}${statusHint(status, server)}`;
    const failure = statusFailure(status, askedDelayMs(server, response), message);
    return { kind: "failed", failure };
  }
  const hint = option === null ? "does a proxy answer" : `is ${option} right`;
  // The body may be a login page, or an error page of a proxy with status 200.
  const first = body.find((byte) => byte > SPACE);
  if (first === undefined || first === LESS_THAN) {
    const received = first === undefined ? "nothing" : "HTML";
    const { part } = asked.endpoint;
    const problem = `expected JSON, received ${received} from ${origin}: ${hint}?`;
    return unusable(new DecodeError("$", problem, { isJson: false, part }));
  }
  const hasStream = server.offersStream((name) => response.header(name), null);
  return {
    kind: "fresh",
    payload: {
      part: asked.endpoint.part,
      bytes: body,
      etag: usableEtag(response.header("etag")),
      fetchedAtMs: server.clock.now(),
      from: "network",
      place: `${origin}: ${hint}, is the answer whole?`,
      ...(hasStream ? { hasStream } : {}),
    },
  };
}

/** Creates a temporary failure, because another request may return a usable response. */
function unusable(error: SortitionError): PartResult {
  return { kind: "failed", failure: transientFailure(error) };
}

function statusHint(
  status: number,
  {
    addressOption: option,
    keyHint,
    who,
  }: Pick<Server<UrlLike>, "addressOption" | "keyHint" | "who">,
): string {
  const fault = [400, 401, 403, 404].includes(status) ? keyFault(who.apiKey) : null;
  if (fault !== null) return `; the key ${fault}`;
  if (status === 401 || status === 403)
    return `; ${keyHint}${option === null ? "" : relayHint(option)}`;
  if (status === 404 && option !== null) return `: ${option} has an extra path or lacks one`;
  if (status === 400 && option !== null) return `: is ${option} right?`;
  return serverFaultHint(status);
}

function request<Url extends UrlLike>(
  server: Server<Url>,
  { endpoint, send, signal }: PartRequest<Url>,
  etag: string | null,
): Promise<HttpResponse> {
  const { acceptEncoding, locate, who, maxBodyBytes } = server;
  const { accept = "application/json" } = endpoint;
  const url = locate(endpoint.path(who), queryString(endpoint.query(who)));
  const headers = {
    ...endpoint.headers(who),
    ...server.headers,
    ...(accept === null ? {} : { accept }),
    ...(acceptEncoding === null ? {} : { "accept-encoding": acceptEncoding }),
    "user-agent": `${who.sdkName}/${who.sdkVersion}`,
    ...(etag === null ? {} : { "if-none-match": etag }),
  };
  return send({ url, headers, maxBodyBytes, signal });
}

/**
 * Returns an entity tag, possibly a weak one, that can be sent back unchanged. Returns `null` if there is none, or if
 * it has characters other than ASCII, because undici decodes headers as UTF-8, which may change them.
 */
export function usableEtag(header: string | null): string | null {
  return header !== null && /^[\x21-\x7e][\x20-\x7e]*$/.test(header) ? header : null;
}

const SPACE = 0x20;
const LESS_THAN = 0x3c;

/** Encodes parameters like a form. A parameter without a value has no `=`. */
function queryString(parameters: readonly QueryParameter[]): string {
  const encoded = parameters.map(([name, value]) => {
    const pair = encodePair(name, value ?? "");
    return value === null ? pair.slice(0, -1) : pair;
  });
  return encoded.join("&");
}

function askedDelayMs({ clock }: { readonly clock: Clock }, response: HttpResponse): number | null {
  return retryAfterMs({
    retryAfter: response.header("retry-after"),
    date: response.header("date"),
    nowMs: clock.now(),
  });
}
