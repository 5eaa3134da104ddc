import { HttpStatusError, NetworkError } from "@sortition/core";
import { type HttpTransport, retryAfterMs } from "@sortition/node/internal";
import { originOf } from "../http/origin-of.js";
import { statusError } from "../http/status-error.js";

/** A `POST` with a body. */
export interface CaptureRequest {
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
}

/** Posts a request, and resolves when the server has accepted it. Rejects with an `HttpStatusError` or another error. */
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

/** Sends each request by the `fetch` that is chosen for it, else over a transport of this family. */
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
    // The status alone confirms the events. The body may be long, or never end.
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
  // An unread body would keep the connection. Test doubles have only some of the members.
  response.body?.cancel?.().catch(() => {});
  checkStatus(url, response.status ?? 200, (name) => response.headers?.get(name) ?? null);
}

/** @param header - returns a header of the response, `null` without it. */
function checkStatus(url: string, status: number, header: (name: string) => string | null): void {
  if (status >= 200 && status < 300) return;
  const asked = { retryAfter: header("retry-after"), date: header("date"), nowMs: Date.now() };
  const delayMs = retryAfterMs(asked);
  throw statusError(status, delayMs && Math.min(delayMs, MAX_RETRY_AFTER_MS), url);
}

/** What a failed request means for its events. */
export type Verdict = "retry" | "too-large" | "refused";

/** Network errors, time-outs, 408, 429 and 5xx may pass; other statuses do not. */
export function verdictOn(error: unknown): Verdict {
  if (!(error instanceof HttpStatusError)) return "retry";
  const { httpStatus } = error;
  if (httpStatus === 413) return "too-large";
  return httpStatus === 408 || httpStatus === 429 || httpStatus >= 500 ? "retry" : "refused";
}
