import { TextDecoder } from "node:util";
import { createClock, TimeoutError, withDeadline } from "@sortition/core/internal";
import { cacheSettings } from "./cache/cache-settings.js";

/** Maximum size of a decompressed payload, so that a response of 1 GiB does not crash the process. */
const MAX_BODY_BYTES = 64 * 1_024 * 1_024;

/** A received payload. */
export interface Reply {
  readonly body: unknown;
  /** Whether the host offers a stream. */
  readonly hasStream: boolean;
}

/** An error for a status other than 2xx. It carries the headers that determine when to poll again. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly retryAfter: string | null,
    readonly date: string | null,
  ) {
    super(`HTTP error: ${status}`);
  }
}

/**
 * Sends one request, which does not keep Node.js alive. Settles at its deadline or when it is abandoned, even if the
 * user's helper ignores the signal.
 *
 * @throws HttpError, the error of the request, or an error for a timeout or an abort.
 */
export async function requestPayload(
  send: (signal: AbortSignal) => Promise<Response>,
  abandoned: AbortSignal,
): Promise<Reply> {
  const { requestTimeout: timeoutMs } = cacheSettings;
  const limit = { clock: createClock(), timeoutMs, signal: abandoned };
  try {
    // Core's signals have the platform's type at run time.
    return await withDeadline(limit, (signal) => read(send, signal as AbortSignal));
  } catch (cause) {
    if (abandoned.aborted) throw new Error("The request was aborted");
    throw cause instanceof TimeoutError ? new Error("The request timed out") : cause;
  }
}

async function read(
  send: (signal: AbortSignal) => Promise<Response>,
  signal: AbortSignal,
): Promise<Reply> {
  const response = await send(signal);
  if (!response.ok) {
    // Mocks may have no headers.
    const header = (name: string): string | null => response.headers?.get(name) ?? null;
    void response.body?.cancel?.().catch(() => {});
    throw new HttpError(response.status, header("retry-after"), header("date"));
  }
  const hasStream = response.headers.get("x-sse-support") === "enabled";
  return { body: await bodyOf(response), hasStream };
}

/** Reads the body. A user's `fetch` may return a response without a readable stream. */
async function bodyOf(response: Response): Promise<unknown> {
  const reader = response.body?.getReader?.();
  if (reader === undefined) return response.json();
  const decoder = new TextDecoder();
  let text = "";
  let sizeBytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return JSON.parse(text + decoder.decode());
    sizeBytes += value.byteLength;
    if (sizeBytes > MAX_BODY_BYTES) {
      void reader.cancel().catch(() => {});
      throw new Error(`The payload is larger than ${MAX_BODY_BYTES} bytes`);
    }
    text += decoder.decode(value, { stream: true });
  }
}
