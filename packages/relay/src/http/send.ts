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

/** Sends a short message to an SDK or an operator. It says nothing about the request. */
export function sendMessage(
  exchange: Exchange,
  status: number,
  message: string,
  headers?: Headers,
): void {
  sendJson(exchange, status, Buffer.from(`${JSON.stringify({ message })}\n`), headers);
}

/** Sends a failure that concerns no single flag, in the words of OpenFeature's remote evaluation protocol. */
export function sendProblem(
  exchange: Exchange,
  status: number,
  errorDetails: string,
  headers?: Headers,
): void {
  sendJson(exchange, status, Buffer.from(JSON.stringify({ errorDetails })), headers);
}
