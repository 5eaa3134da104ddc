import { ProtocolError } from "@sortition/core/internal";

/**
 * @param url - where a server of the option `serverUrl` was asked, for the message.
 * @throws ProtocolError if the body is not JSON.
 */
export function parsedBody(body: Uint8Array, url?: URL): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    // The engine's message would quote the answer, which is about a user.
    throw new ProtocolError(
      url === undefined
        ? "the answer is not JSON"
        : `the answer of ${url.origin} is not JSON: is serverUrl right?`,
    );
  }
}
