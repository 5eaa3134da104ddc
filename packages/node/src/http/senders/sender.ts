import type { Readable } from "node:stream";
import { MAX_REDIRECTS, ProtocolError, redirectTarget } from "@sortition/core/internal";
import { discardBody } from "../body.js";

/** A request. */
export interface Message {
  /** Absolute URL. Messages do not include it, because its query may contain a key. */
  readonly url: URL;
  /** Method, in capitals. Default: `GET`. Methods other than `GET` and `HEAD` are not redirected by 301, 302 or 303. */
  readonly method?: string | undefined;
  /** Headers, with names in lower case. The caller sets `content-type`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body. A string is sent as UTF-8. */
  readonly body?: string | Uint8Array | undefined;
  /** Ends the request in any phase; see `withAbortDeadline`. */
  readonly signal: AbortSignal;
}

/** The head of a response, and its body as a stream. */
export interface StreamedResponse {
  readonly statusCode: number;
  /** Headers, with names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** Sends messages over its own connections. */
export interface Sender {
  /** Number of connections created, or `NaN` if unknown. */
  readonly made: number;
  /** Sends one message and follows no redirect. Rejects with the connection's original error. */
  send(message: Message): Promise<StreamedResponse>;
  /** Destroys the connections, even those in use. The next message creates new ones. */
  release(): void;
}

/**
 * Sends a message by other means than the sender's connections, and follows no redirect. Returns
 * `null` to leave the message to those connections.
 */
export type SendRequest = (message: Message) => Promise<StreamedResponse> | null;

/** Returns a sender that uses `send`, or our own connections if `send` returns `null`. */
export function senderOf(send: SendRequest | undefined, own: Sender): Sender {
  if (send === undefined) return own;
  let isOurs = true;
  return {
    get made() {
      return isOurs ? own.made : Number.NaN;
    },
    async send(message) {
      const sent = send(message);
      isOurs = sent === null;
      return sent ?? own.send(message);
    },
    release: () => own.release(),
  };
}

/**
 * Sends a message and follows its redirects.
 *
 * @returns the last response. The caller has to read or discard its body.
 * @throws ProtocolError for a refused redirect.
 */
export async function sendFollowing(sender: Sender, message: Message): Promise<StreamedResponse> {
  let { url } = message;
  for (let redirects = 0; ; redirects++) {
    const response = await sender.send({ ...message, url });
    try {
      const target = redirectTarget(url, response, redirects < MAX_REDIRECTS);
      if (target === null) return response;
      if (!keepsMethod(response.statusCode, message.method)) {
        throw new ProtocolError("redirected in a way that changes the method");
      }
      url = new URL(target.href);
    } catch (error) {
      discardBody(response.body);
      throw error;
    }
    discardBody(response.body);
  }
}

/** After 301, 302 and 303, browsers send a GET without a body instead of a POST. */
function keepsMethod(status: number, method = "GET"): boolean {
  return status === 307 || status === 308 || method === "GET" || method === "HEAD";
}

/** Returns the first header with that name (in lower case), or `null`. */
export function firstHeader(
  { headers }: Pick<StreamedResponse, "headers">,
  name: string,
): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
