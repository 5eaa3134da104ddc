import {
  type Clock,
  DecodeError,
  type Endpoint,
  type EndpointContext,
  type Failure,
  type Payload,
  ProtocolError,
  type QueryParameter,
  type SortitionError,
  serverFaultHint,
} from "@sortition/core/kit";
import { ACCEPTED_ENCODINGS } from "./body.js";
import type { Exchange, HttpResponse } from "./exchange.js";
import { statusFailure, transientFailure } from "./failure.js";
import type { Asked } from "./network-message.js";
import type { RenewedEtags } from "./renewed-etags.js";
import { retryAfterMs } from "./retry/retry-after.js";

/** Settings of all requests to a server. */
export interface Server {
  readonly asked: Asked;
  /** Hint for a key that is refused. */
  readonly keyHint: string;
  readonly locate: (path: string, query: string) => URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBodyBytes: number;
  readonly renewedEtags: RenewedEtags;
  /** Whether the body of an answer with this status, other than 304, is the part. */
  readonly isUsable: (status: number) => boolean;
  readonly onReply: (header: HttpResponse["header"]) => void;
  readonly who: EndpointContext;
  readonly clock: Clock;
}

/** One part to request, and the version that the caller holds. */
export interface PartRequest {
  readonly exchange: Pick<Exchange, "request">;
  readonly endpoint: Endpoint;
  readonly held: Payload | null;
  readonly signal: AbortSignal;
}

/** Outcome of a request for one part. */
export type PartResult =
  | { readonly kind: "fresh"; readonly payload: Payload }
  | { readonly kind: "unchanged" }
  | { readonly kind: "failed"; readonly failure: Failure };

/**
 * Requests one part, conditionally if the held one has an etag.
 *
 * @throws the errors of {@link Exchange.request}.
 */
export async function fetchPart(server: Server, request: PartRequest): Promise<PartResult> {
  const { held } = request;
  const etag = held === null ? null : server.renewedEtags.of(held);
  let response = await send(server, request, etag);
  if (response.status === 304 && held !== null && etag !== null) {
    server.renewedEtags.renew(held, usableEtag(response.header("etag")));
    return { kind: "unchanged" };
  }
  // A proxy or cache answered 304 to a request without `if-none-match`. The second answer may be right.
  if (response.status === 304) response = await send(server, request, null);
  if (response.status === 304) {
    return unusable(new ProtocolError("the server answered 304 to an unconditional request"));
  }
  const { status, body } = response;
  const { option } = server.asked;
  const { origin } = server.locate(request.endpoint.path(server.who), "");
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
    const { part } = request.endpoint;
    const problem = `expected JSON, received ${received} from ${origin}: ${hint}?`;
    return unusable(new DecodeError("$", problem, { isJson: false, part }));
  }
  server.onReply((name) => response.header(name));
  return {
    kind: "fresh",
    payload: {
      part: request.endpoint.part,
      bytes: body,
      etag: usableEtag(response.header("etag")),
      fetchedAtMs: server.clock.now(),
      from: "network",
      place: `${origin}: ${hint}, is the answer whole?`,
    },
  };
}

/** Another request may bring a usable answer. */
function unusable(error: SortitionError): PartResult {
  return { kind: "failed", failure: transientFailure(error) };
}

function statusHint(status: number, { asked: { option }, keyHint }: Server): string {
  if (status === 401 || status === 403) return `; ${keyHint}`;
  if (status === 404 && option !== null) return `: ${option} has a path too many or too few`;
  if (status === 400 && option !== null) return `: is ${option} right?`;
  return serverFaultHint(status);
}

function send(
  server: Server,
  { endpoint, exchange, signal }: PartRequest,
  etag: string | null,
): Promise<HttpResponse> {
  const { locate, who, maxBodyBytes } = server;
  const url = locate(endpoint.path(who), queryString(endpoint.query(who)));
  const headers = {
    ...endpoint.headers(who),
    ...server.headers,
    accept: "application/json",
    "accept-encoding": ACCEPTED_ENCODINGS,
    "user-agent": `${who.sdkName}/${who.sdkVersion}`,
    ...(etag === null ? {} : { "if-none-match": etag }),
  };
  return exchange.request({ url, headers, maxBodyBytes, signal });
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
    const pair = new URLSearchParams([[name, value ?? ""]]).toString();
    return value === null ? pair.slice(0, -1) : pair;
  });
  return encoded.join("&");
}

function askedDelayMs({ clock }: Server, response: HttpResponse): number | null {
  return retryAfterMs({
    retryAfter: response.header("retry-after"),
    date: response.header("date"),
    nowMs: clock.now(),
  });
}
