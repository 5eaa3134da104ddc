import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";

/** Bindings in the context of Hono's routes. */
export type HttpEnv = { readonly Bindings: HttpBindings };

/** One request and its response, as objects of `node:http`. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** When the request headers were received, by `performance.now()`. */
  readonly startedAtMs: number;
}

/** Creates an exchange for a request whose headers were just received. */
export function beginExchange(incoming: IncomingMessage, outgoing: ServerResponse): Exchange {
  return { incoming, outgoing, startedAtMs: performance.now() };
}

/** A handler of Hono. */
export type ResponseWriter = (context: Context<HttpEnv>) => Promise<Response>;

/** Creates a Hono handler that writes its response with `node:http`, because Hono would copy the bytes and their headers. */
export function writeResponse(
  write: (exchange: Exchange, context: Context<HttpEnv>) => unknown,
): ResponseWriter {
  return async (context) => {
    const { incoming, outgoing } = context.env;
    await write(beginExchange(incoming, outgoing), context);
    return RESPONSE_ALREADY_SENT;
  };
}
