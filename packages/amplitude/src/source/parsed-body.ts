import { ProtocolError } from "@sortition/core/source";

/** @throws ProtocolError if the body is not JSON. */
export function parsedBody(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  } catch {
    // The engine's message would quote the answer, which is about a user.
    throw new ProtocolError("the answer is not JSON");
  }
}
