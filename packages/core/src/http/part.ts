import type { Failure } from "../configuration/origin.js";
import { DecodeError, ProtocolError, type SortitionError } from "../errors/errors.js";
import { keyFault } from "../errors/key-fault.js";
import { serverFaultHint } from "../errors/status-hint.js";
import type { Payload } from "../model/configuration.js";
import type { Endpoint, EndpointContext, QueryParameter } from "../model/dialect.js";
import type { Clock } from "../runtime/clock.js";
import { type AbortSignalLike, encodePair, type UrlLike } from "../runtime/host.js";
import { statusFailure, transientFailure } from "./failure.js";
import type { RenewedEtags } from "./renewed-etags.js";
import { retryAfterMs } from "./retry-after.js";

/** The response to a request, redirects followed. */
export interface HttpResponse {
  readonly status: number;
  /** The first header of that name (in lower case), `null` without one. */
  header(name: string): string | null;
  /** The whole body of a 2xx response, decompressed; empty for other responses, whose body is not read. */
  readonly body: Uint8Array;
}

/** A request for one part. */
export interface PartMessage<Url extends UrlLike> {
  readonly url: Url;
  readonly headers: Readonly<Record<string, string>>;
  /** Bound of the body, on the wire and decompressed. */
  readonly maxBodyBytes: number;
  readonly signal: AbortSignalLike;
}

/** Sends one request, and reads the whole body. Follows redirects by the rules of `redirectTarget`. */
export type SendPart<Url extends UrlLike> = (message: PartMessage<Url>) => Promise<HttpResponse>;

/** Settings of all requests to a server. */
export interface Server<Url extends UrlLike> {
  /** The option that has the server's address, for messages; `null`: the address is the vendor's. */
  readonly addressOption: string | null;
  /** Hint for a key that is refused. */
  readonly keyHint: string;
  /** The address of an endpoint: its path and query, both encoded, below the base URL. */
  readonly locate: (path: string, query: string) => Url;
  /** Value of `accept-encoding`; `null`: the transport sends one itself. */
  readonly acceptEncoding: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBodyBytes: number;
  readonly renewedEtags: RenewedEtags;
  /** Whether the body of an answer with this status, other than 304, is the part. */
  readonly isUsable: (status: number) => boolean;
  /**
   * Whether the server offers a stream of changes. Called with the headers of each response that is used, and with the
   * held part if the response is a 304, which may lack headers of the first response.
   */
  readonly offersStream: (header: HttpResponse["header"], held: Payload | null) => boolean;
  readonly who: EndpointContext;
  readonly clock: Clock;
}

/** One part to request, and the version that the caller holds. */
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
 * Requests one part, conditionally if the held one has an etag.
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
  // A proxy or cache answered 304 to a request without `if-none-match`. The second answer may be right.
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
  // A login page, or the error of a proxy that answers 200.
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

/** Another request may bring a usable answer. */
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
  if (status === 401 || status === 403) return `; ${keyHint}`;
  if (status === 404 && option !== null) return `: ${option} has a path too many or too few`;
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
 * Returns an entity tag that can be sent back byte for byte, weak ones included. Returns `null` without
 * one, or if it has characters other than ASCII: undici decodes headers as UTF-8, which may change them.
 */
export function usableEtag(header: string | null): string | null {
  return header !== null && /^[\x21-\x7e][\x20-\x7e]*$/.test(header) ? header : null;
}

const SPACE = 0x20;
const LESS_THAN = 0x3c;

/** Encodes parameters as forms do; a parameter without a value has no `=`. */
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
