import { bytesOf, type Clock, NetworkError, type VendorAny } from "@sortition/core/internal";
import { type HttpTransport, withAbortDeadline } from "@sortition/node/internal";
import { lateMessage } from "./answer-message.js";
import type { ChosenFetch } from "./chosen-fetch.js";
import { originOf } from "./origin-of.js";

/** An answer of PostHog's server, read to its end. */
export interface ServerAnswer {
  readonly status: number;
  header(name: string): string | null;
  readonly bytes: Uint8Array;
}

export interface ServerRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Covers the body of the answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Sends a request. Rejects if there is no whole answer in time. */
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
  /** The body as a string. */
  text(): Promise<string>;
  /** The body as JSON. */
  json(): Promise<VendorAny>;
  /** The body as received. Read if it is there, because large definitions are parsed once then. */
  arrayBuffer?(): Promise<ArrayBuffer>;
  headers?: {
    /** The first header of that name; `null` without one. */
    get(name: string): string | null;
  };
  /** Not read. */
  body?: ReadableStream<Uint8Array> | null;
}

/** Definitions may be large. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** Sends each request by the `fetch` that is chosen for it, else over a transport of this family. */
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
  return async ({ body, headers, method, signal, timeoutMs, url }) => {
    const hint = lateMessage(url);
    const answer = await withAbortDeadline({ clock, timeoutMs, signal, hint }, (ended) =>
      transport.request({
        url: new URL(url),
        method,
        headers,
        body,
        maxBodyBytes: MAX_BODY_BYTES,
        signal: ended,
      }),
    );
    return { status: answer.status, header: (name) => answer.header(name), bytes: answer.body };
  };
}

function sendByFetch(
  fetch: FetchOption,
  clock: Clock,
  { body, headers, method, signal, timeoutMs, url }: ServerRequest,
): Promise<ServerAnswer> {
  const hint = lateMessage(url);
  return withAbortDeadline({ clock, timeoutMs, signal, hint }, async (ended) => {
    const content = body === undefined ? {} : { body };
    const options = { method, headers: { ...headers }, ...content, signal: ended };
    try {
      const answer = await fetch(url, options);
      // Doubles of test suites have some of the members only.
      return {
        status: answer.status ?? 200,
        header: (name) => answer.headers?.get(name) ?? null,
        bytes: await bodyOf(answer),
      };
    } catch (cause) {
      throw new NetworkError(`no answer from ${originOf(url)}`, cause);
    }
  });
}

/** The body. Doubles have any text, and what they answer as JSON, which is all that the vendor's SDK reads. */
async function bodyOf(answer: FetchAnswer): Promise<Uint8Array> {
  // By its name: reading the global `Response` loads all of Node's fetch, which takes 20 ms.
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
    return ""; // it is not JSON
  }
}
