import { HttpStatusError, NetworkError } from "@sortition/core";
import { type HttpTransport, retryAfterMs } from "@sortition/node/internal";
import { originOf } from "../http/origin-of.js";
import { statusError } from "../http/status-error.js";

/** A `POST` with a body. */
export interface CaptureRequest {
  readonly url: string;
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
}

/** Sends a request. Resolves when the server has accepted it. Rejects with an `HttpStatusError` or another error. */
export type Send = (request: CaptureRequest) => Promise<void>;

/** The part of `fetch` that is used. */
export type FetchLike = (
  url: string,
  options: {
    readonly method: "POST";
    readonly headers: Record<string, string>;
    readonly body: Uint8Array;
    readonly signal: AbortSignal;
  },
) => Promise<{
  readonly status?: number;
  readonly headers?: { get(name: string): string | null } | undefined;
  readonly body?: { cancel?(): Promise<unknown> } | null | undefined;
}>;

const MAX_RETRY_AFTER_MS = 60_000;

/** Creates a function that sends each request with the chosen `fetch`, or else with our own transport. */
export function createSend(transport: HttpTransport, chosenFetch: () => FetchLike | null): Send {
  const byTransport = sendByTransport(transport);
  return (request) => {
    const fetch = chosenFetch();
    return fetch === null ? byTransport(request) : sendByFetch(fetch, request);
  };
}

function sendByTransport(transport: HttpTransport): Send {
  return async (request) => {
    const url = new URL(request.url);
    // The status alone confirms the events. The body may be long or never end.
    const response = await transport.request({ ...request, url, method: "POST", maxBodyBytes: 0 });
    checkStatus(url.href, response.status, (name) => response.header(name));
  };
}

async function sendByFetch(
  fetch: FetchLike,
  { body, headers, signal, url }: CaptureRequest,
): Promise<void> {
  const options = { method: "POST", headers: { ...headers }, body, signal } as const;
  let response: Awaited<ReturnType<FetchLike>>;
  try {
    response = await fetch(url, options);
  } catch (cause) {
    throw new NetworkError(`no answer from ${originOf(url)}`, cause);
  }
  // An unread body would keep the connection busy. Test doubles may implement only some members.
  response.body?.cancel?.().catch(() => {});
  checkStatus(url, response.status ?? 200, (name) => response.headers?.get(name) ?? null);
}

/** @param header - returns a header of the response, or `null`. */
function checkStatus(url: string, status: number, header: (name: string) => string | null): void {
  if (status >= 200 && status < 300) return;
  const asked = { retryAfter: header("retry-after"), date: header("date"), nowMs: Date.now() };
  const delayMs = retryAfterMs(asked);
  throw statusError(status, delayMs && Math.min(delayMs, MAX_RETRY_AFTER_MS), url);
}

/** What happens to the events of a failed request. */
export type Verdict = "retry" | "too-large" | "refused";

/** Network errors, timeouts, 408, 429 and 5xx may be temporary. Other statuses are not. */
export function verdictOn(error: unknown): Verdict {
  if (!(error instanceof HttpStatusError)) return "retry";
  const { httpStatus } = error;
  if (httpStatus === 413) return "too-large";
  return httpStatus === 408 || httpStatus === 429 || httpStatus >= 500 ? "retry" : "refused";
}
