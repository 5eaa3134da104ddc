import { ProtocolError } from "@sortition/core/kit";

/**
 * @param url - where a server of the option `serverUrl` was asked, for the message.
 * @throws ProtocolError if the body is not JSON.
 */
export function parsedBody(body: Uint8Array, url?: URL): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(body));
  } catch {
    // The engine's message would quote the answer, which is about a user.
    throw new ProtocolError(
      url === undefined
        ? "the answer is not JSON"
        : `the answer of ${url.origin} is not JSON: is serverUrl right?`,
    );
  }
}
