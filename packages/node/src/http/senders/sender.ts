import type { Readable } from "node:stream";
import { ProtocolError } from "@sortition/core/source";
import { discardBody } from "../body.js";
import { redirectTarget } from "../redirect.js";

/** What is sent. */
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
  /** Sends one message, follows no redirect. Rejects with whatever error the connection had. */
  send(message: Message): Promise<StreamedResponse>;
  /** Destroys its connections, those in use too. The next message makes new ones. */
  release(): void;
}

/** Sends a message by other means than our connections; `null`: these send it. Follows no redirect. */
export type SendRequest = (message: Message) => Promise<StreamedResponse> | null;

/** Sends by `send`, or else by our connections. */
export function senderOf(send: SendRequest | undefined, own: Sender): Sender {
  if (send === undefined) return own;
  return {
    send: async (message) => send(message) ?? own.send(message),
    release: () => own.release(),
  };
}

/** Redirects that one message may take. */
const MAX_REDIRECTS = 3;

/**
 * Sends a message, and sends it again where redirects point to.
 *
 * @returns the last response; its body is the caller's to read or discard.
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
      url = target;
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
