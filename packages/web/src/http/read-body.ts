/** Maximum size of a request body in bytes, enough for a token and the keys of its flags. */
const MAX_BODY_BYTES = 16_384;

/** A body as text, or why it was not read. */
export type ReadBody =
  | { readonly text: string }
  | { readonly refused: "tooLarge" | "aborted" | "consumed" };

/** Reads a request body. Stops reading when it is too large, and leaves the rest to the server. Never rejects. */
export async function readBody(request: Request): Promise<ReadBody> {
  if (Number(request.headers.get("content-length")) > MAX_BODY_BYTES)
    return { refused: "tooLarge" };
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  try {
    const { body, bodyUsed } = request;
    if (bodyUsed || body?.locked) return { refused: "consumed" };
    if (body === null) return { text: "" };
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { text: text + decoder.decode() };
      size += value.byteLength;
      // Not cancelled, because h3 1 continues to fill the stream, which would throw outside of any handler.
      if (size > MAX_BODY_BYTES) return { refused: "tooLarge" };
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    return { refused: "aborted" };
  }
}
