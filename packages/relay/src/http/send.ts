import type { Exchange } from "./exchange.js";

type Headers = Readonly<Record<string, string>>;

/** Sends JSON that caches must not store. */
export function sendJson(
  { outgoing }: Exchange,
  status: number,
  body: Uint8Array,
  headers: Headers = {},
): void {
  outgoing.writeHead(status, {
    "content-type": "application/json",
    "cache-control": "no-store",
    "content-length": body.length,
    ...headers,
  });
  outgoing.end(body);
}

/** Sends a short message to an SDK or an operator. It must contain nothing from the request. */
export function sendMessage(
  exchange: Exchange,
  status: number,
  message: string,
  headers?: Headers,
): void {
  sendJson(exchange, status, Buffer.from(`${JSON.stringify({ message })}\n`), headers);
}

/** Sends 429 to a caller whose token has reached its limit. */
export function sendTooMany(exchange: Exchange, headers?: Headers): void {
  sendMessage(exchange, 429, "too many requests with this token", {
    ...headers,
    "retry-after": "1",
  });
}

/** Sends an error that concerns the whole request, in the format of OpenFeature's remote evaluation protocol. */
export function sendProblem(
  exchange: Exchange,
  status: number,
  errorDetails: string,
  headers?: Headers,
): void {
  sendJson(exchange, status, Buffer.from(JSON.stringify({ errorDetails })), headers);
}
