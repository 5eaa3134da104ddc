import { ProtocolError } from "@sortition/core/internal";

/**
 * Parses a body as JSON.
 *
 * @param url - URL of the request if its server is set by the option `serverUrl`, for the message.
 * @throws ProtocolError if the body is not JSON.
 */
export function parsedBody(body: Uint8Array, url?: URL): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    // The JavaScript engine's message would quote the response, which may describe a user.
    throw new ProtocolError(
      url === undefined
        ? "the answer is not JSON"
        : `the answer of ${url.origin} is not JSON: is serverUrl right?`,
    );
  }
}
