import {
  bytesOf,
  type Clock,
  NetworkError,
  serverOf,
  startDeadline,
  TimeoutError,
  type VendorAny,
} from "@sortition/core/internal";
import { type HttpTransport, withAbortDeadline } from "@sortition/node/internal";
import { lateMessage } from "./answer-message.js";
import type { ChosenFetch } from "./chosen-fetch.js";

/** A response of PostHog's server. */
export interface ServerAnswer {
  readonly status: number;
  header(name: string): string | null;
  readonly bytes: Uint8Array;
}

export interface ServerRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  /** If `false`, the response ends with its headers, because its body may be long or never end. Default: `true`. */
  readonly readsBody?: boolean | undefined;
  /** Includes reading the response body. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Sends a request. Rejects if there is no response in time. */
export type Requester = (request: ServerRequest) => Promise<ServerAnswer>;

/** The part of `fetch` that the client uses. */
export type FetchOption = (
  url: string,
  options: {
    method: "GET" | "POST" | "PUT" | "PATCH";
    mode?: "no-cors";
    credentials?: "omit";
    headers: Record<string, string>;
    body?: string | Uint8Array;
    signal?: AbortSignal;
  },
) => Promise<FetchAnswer>;

/** The part of a `Response` that the client uses. */
export interface FetchAnswer {
  status: number;
  /** Returns the body as a string. */
  text(): Promise<string>;
  /** Returns the body as JSON. */
  json(): Promise<VendorAny>;
  /** Returns the body as bytes. Preferred if it exists, because large definitions are then parsed only once. */
  arrayBuffer?(): Promise<ArrayBuffer>;
  headers?: {
    /** Returns the first header with this name, or `null`. */
    get(name: string): string | null;
  };
  /** The body as a stream, which we do not use. */
  body?: ReadableStream<Uint8Array> | null;
}

const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array();
/** Maximum size of a response. It is high, because definitions may be large. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** Creates a function that sends each request with the chosen `fetch`, or else with our own transport. */
export function createRequester(
  transport: HttpTransport,
  chosenFetch: ChosenFetch,
  clock: Clock,
): Requester {
  const byTransport = requesterByTransport(transport, clock);
  return (request) => {
    const fetch = chosenFetch();
    return fetch === null ? byTransport(request) : sendByFetch(fetch, clock, request);
  };
}

function requesterByTransport(transport: HttpTransport, clock: Clock): Requester {
  return async ({ body, headers, method, readsBody = true, signal, timeoutMs, url }) => {
    const hint = lateMessage(url);
    const answer = await withAbortDeadline({ clock, timeoutMs, signal, hint }, (ended) =>
      transport.request({
        url: new URL(url),
        method,
        headers,
        body,
        maxBodyBytes: readsBody ? MAX_BODY_BYTES : 0,
        signal: ended,
      }),
    );
    return { status: answer.status, header: (name) => answer.header(name), bytes: answer.body };
  };
}

/**
 * Sends a request with a `fetch` that may ignore its signal. At the deadline, such a `fetch` has one more turn of the
 * event loop to respond, because a test suite that runs all pending timers runs the deadline's, too.
 */
async function sendByFetch(
  fetch: FetchOption,
  clock: Clock,
  request: ServerRequest,
): Promise<ServerAnswer> {
  const { signal, timeoutMs, url } = request;
  const deadline = startDeadline(clock, timeoutMs, signal, false);
  const reason = (): Error => {
    const hint = lateMessage(url);
    if (!signal.aborted) return new TimeoutError("request", timeoutMs, hint);
    return new NetworkError(`the request was aborted; ${hint}`, null);
  };
  const late = deadline.expired.then(async () => {
    if (!signal.aborted) await clock.yieldNow();
    throw reason();
  });
  const ended = deadline.signal as AbortSignal; // Node's controllers have this signal
  try {
    return await Promise.race([late, ended.aborted ? late : answerOf(fetch, request, ended)]);
  } catch (error) {
    throw ended.aborted ? reason() : error;
  } finally {
    deadline.end();
  }
}

async function answerOf(
  fetch: FetchOption,
  { body, headers, method, readsBody = true, url }: ServerRequest,
  signal: AbortSignal,
): Promise<ServerAnswer> {
  const content = body === undefined ? {} : { body };
  const options = { method, headers: { ...headers }, ...content, signal };
  try {
    const answer = await fetch(url, options);
    // An unread body would keep the connection busy. Test doubles may implement only some members.
    if (!readsBody) answer.body?.cancel?.().catch(() => {});
    return {
      status: answer.status ?? 200,
      header: (name) => answer.headers?.get(name) ?? null,
      bytes: readsBody ? await bodyOf(answer) : NO_BYTES,
    };
  } catch (cause) {
    throw new NetworkError(`no answer from ${serverOf(url)}`, cause);
  }
}

/**
 * Reads the body. Test doubles may have any text, but a correct `json()`, which is the only member that the vendor's
 * SDK reads.
 */
async function bodyOf(answer: FetchAnswer): Promise<Uint8Array> {
  // Checked by name, because reading the global `Response` loads all of Node's fetch, which takes 20 ms.
  const isResponse = Object.prototype.toString.call(answer) === "[object Response]";
  const hasJson = typeof answer.json === "function";
  if (typeof answer.arrayBuffer === "function") {
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (isResponse || !hasJson || bytes.length > 0) return bytes;
  }
  const text = isResponse || !hasJson ? await answer.text() : await jsonTextOf(answer);
  return bytesOf(text);
}

async function jsonTextOf(answer: FetchAnswer): Promise<string> {
  try {
    return JSON.stringify(await answer.json()) ?? "";
  } catch {
    return ""; // not JSON
  }
}
