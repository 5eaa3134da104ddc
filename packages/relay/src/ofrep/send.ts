import type { Exchange } from "../http/exchange.js";

type Headers = Readonly<Record<string, string>>;

/** Sends JSON that caches must not store. */
export function sendJson(
  { outgoing }: Exchange,
  status: number,
  body: Uint8Array,
  headers: Headers,
): void {
  outgoing.writeHead(status, {
    "content-type": "application/json",
    "cache-control": "no-store",
    "content-length": body.length,
    ...headers,
  });
  outgoing.end(body);
}

/** Sends a failure that is not one of a flag, in the protocol's words. */
export function sendProblem(
  exchange: Exchange,
  status: number,
  errorDetails: string,
  headers: Headers = {},
): void {
  sendJson(exchange, status, Buffer.from(JSON.stringify({ errorDetails })), headers);
}
