import type { Readable } from "node:stream";
import { MAX_REDIRECTS, ProtocolError, redirectTarget } from "@sortition/core/internal";
import { discardBody } from "../body.js";

/** A request. */
export interface Message {
  readonly url: URL;
  /** `GET` unless given. */
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  readonly signal: AbortSignal;
}

/** The beginning of a response, and the body as it arrives. */
export interface StreamedResponse {
  readonly statusCode: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** Sends messages over connections of its own. */
export interface Sender {
  /** How many connections it has made; `NaN` if that is not known. */
  readonly made: number;
  /** Sends one message, follows no redirect. Rejects with the error of the connection, as it is. */
  send(message: Message): Promise<StreamedResponse>;
  /** Destroys its connections, those in use too. The next message makes new ones. */
  release(): void;
}

/** Sends a message by other means than our connections. Returns `null` if our connections are to send it. Follows no redirect. */
export type SendRequest = (message: Message) => Promise<StreamedResponse> | null;

/** A sender that uses `send`, and our connections where that returns `null`. */
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
 * Sends a message, and again to the target of each redirect.
 *
 * @returns the last response; the caller has to read or discard its body.
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

/** Browsers send a GET without a body instead of a POST after 301, 302 and 303. */
function keepsMethod(status: number, method = "GET"): boolean {
  return status === 307 || status === 308 || method === "GET" || method === "HEAD";
}

/** The first header of that name (in lower case), `null` without one. */
export function firstHeader(
  { headers }: Pick<StreamedResponse, "headers">,
  name: string,
): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
