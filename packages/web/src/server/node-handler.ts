import { MAX_BODY_BYTES } from "../http/read-body.js";
import type { RouteHandler } from "./web-flags.js";

/** The part of Node's `IncomingMessage`, and of Express's request, that a handler reads. */
export interface NodeRequest extends AsyncIterable<Uint8Array | string> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** The whole path in Express, where `url` does not contain the path of the router. */
  readonly originalUrl?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body, if an Express middleware has read it. */
  readonly body?: unknown;
}

/** The part of Node's `ServerResponse` that a handler writes. */
export interface NodeResponse {
  statusCode: number;
  /** Sets a header, which replaces one of the same name. */
  setHeader(name: string, value: string): unknown;
  /** Sends the body, and ends the response. */
  end(body: string): unknown;
}

/**
 * Turns a Fetch-style handler into one for `node:http` and Express.
 *
 * ```ts
 * app.post("/api/exposures", nodeHandler(POST));
 * ```
 *
 * @returns a function whose promise rejects if the handler rejects. Express 5 passes the error to its error handler.
 */
export function nodeHandler(
  handler: RouteHandler,
): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return async (request, response) => {
    const body = await bodyOf(request);
    const answer = await handler(fetchRequest(request, body));
    response.statusCode = answer.status;
    for (const [name, value] of answer.headers) response.setHeader(name, value);
    // Otherwise Node reads the rest of the body to use the connection again.
    if (body.length > MAX_BODY_BYTES) response.setHeader("connection", "close");
    response.end(await answer.text());
  };
}

/** Reads a body up to the first byte that makes it too large, which the handler then refuses. */
async function bodyOf(request: NodeRequest): Promise<Uint8Array<ArrayBuffer>> {
  const { body } = request;
  if (typeof body === "string" || body instanceof Uint8Array) return bytesOf(body);
  if (typeof body === "object" && body !== null) return bytesOf(JSON.stringify(body));
  const parts: Uint8Array[] = [];
  let size = 0;
  const iterator = request[Symbol.asyncIterator]();
  while (size <= MAX_BODY_BYTES) {
    // Not `for await`, which destroys the request, and with it the response, when it ends early.
    const { done, value } = await iterator.next();
    if (done) break;
    const part = bytesOf(value);
    parts.push(part);
    size += part.length;
  }
  const all = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

function bytesOf(body: Uint8Array | string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(typeof body === "string" ? new TextEncoder().encode(body) : body);
}

function fetchRequest(request: NodeRequest, body: Uint8Array<ArrayBuffer>): Request {
  const { headers: given, method = "GET", originalUrl, url = "/" } = request;
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined)
      headers.set(name, Array.isArray(value) ? value.join(", ") : `${value}`);
  }
  const address = new URL(originalUrl ?? url, `http://${headers.get("host") ?? "localhost"}`);
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(address, { method, headers, ...(hasBody ? { body } : {}) });
}
