import type { IncomingMessage, ServerResponse } from "node:http";

/** One request and its response, as `node:http` has them. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** Sends a short JSON body. The message says nothing about the request. */
export function sendMessage(
  { outgoing }: Exchange,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = `${JSON.stringify({ message })}\n`;
  outgoing.writeHead(status, {
    "content-type": "application/json",
    "cache-control": "no-store",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  outgoing.end(body);
}
