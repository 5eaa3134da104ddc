import { OptionError } from "@sortition/core/internal";
import { fetchRequest, type NodeRequest, type ServerRequest, sourceOf } from "./node-request.js";
import { reportFailure } from "./route-failures.js";
import type { RouteHandler } from "./web-flags.js";

/** The part of Node's `ServerResponse`, of HTTP/1 or HTTP/2, that a handler writes. */
export interface NodeResponse {
  statusCode: number;
  /** Whether another handler has responded. */
  readonly headersSent?: boolean;
  /** Returns the value of a header, or the values of `Set-Cookie`. */
  getHeader?(name: string): unknown;
  /** Sets a header, which replaces one of the same name. */
  setHeader(name: string, value: string | readonly string[]): unknown;
  /** Sends the body, and ends the response. */
  end(body: string): unknown;
}

/** The part of Fastify's `FastifyReply` that a handler writes. */
export interface FastifyReply {
  statusCode: number;
  /** Whether another handler has responded. */
  readonly sent: boolean;
  /** Sets a header, which replaces one of the same name, except for `Set-Cookie`. */
  header(name: string, value: string): unknown;
  /** Sends the body, and ends the response. */
  send(body: string): unknown;
}

/**
 * Turns a Fetch-style handler into one for `node:http`, `node:http2`, Express, NestJS, Koa and Fastify, with or without
 * body parsers.
 *
 * ```ts
 * app.post("/api/exposures", nodeHandler(POST));
 * ```
 *
 * @returns a function whose promise never rejects. If the route fails, it calls `next(error)` where the server passes `next`,
 * as Express does. Elsewhere it reports the error to the client's diagnostics, or `console.error`, and responds with 500.
 */
export function nodeHandler(
  handler: RouteHandler,
): (
  request: ServerRequest,
  response: NodeResponse | FastifyReply,
  next?: (error: unknown) => void,
) => Promise<void> {
  if (typeof handler !== "function") {
    throw new OptionError("handler", "expected a function: write nodeHandler(POST)");
  }
  return async (request, response, next) => {
    try {
      await write(await respond(handler, request), sourceOf(request), response);
    } catch (error) {
      if (typeof next === "function") {
        next(error);
        return;
      }
      await reportFailure(handler, error);
      // It may fail in the same way.
      await write(new Response(null, { status: 500 }), sourceOf(request), response).catch(() => {});
    }
  };
}

/** Writes a response, unless nobody waits for it. */
async function write(
  answer: Response,
  source: NodeRequest,
  response: NodeResponse | FastifyReply,
): Promise<void> {
  if (source.aborted || hasResponded(response)) return;
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) setHeader(response, name, value);
  // Otherwise Node reads the rest of the body to use the connection again. HTTP/2 has no such header.
  const isRead = source.readableEnded || source.method === "GET" || source.method === "HEAD";
  if (!isRead && source.httpVersionMajor === 1) setHeader(response, "connection", "close");
  const text = await answer.text();
  await (isReply(response) ? response.send(text) : response.end(text));
}

/** Express's response has a function `send` too. */
function isReply(response: NodeResponse | FastifyReply): response is FastifyReply {
  return "sent" in response;
}

async function respond(handler: RouteHandler, request: ServerRequest): Promise<Response> {
  const converted = fetchRequest(request);
  return typeof converted === "number"
    ? new Response(null, { status: converted })
    : await handler(converted);
}

function hasResponded(response: NodeResponse | FastifyReply): boolean {
  return isReply(response) ? response.sent : response.headersSent === true;
}

function setHeader(response: NodeResponse | FastifyReply, name: string, value: string): void {
  if (isReply(response)) response.header(name, value);
  else if (name !== "set-cookie") response.setHeader(name, value);
  else {
    // Middleware may have set other cookies.
    const earlier = response.getHeader?.(name) ?? [];
    response.setHeader(name, [earlier, value].flat() as string[]);
  }
}
