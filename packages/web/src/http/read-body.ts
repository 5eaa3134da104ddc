/** Maximum size of a request body in bytes, enough for a token and the keys of its flags. */
const MAX_BODY_BYTES = 16_384;

/** A body as text, or why it was not read. */
export type ReadBody = { readonly text: string } | { readonly refused: "tooLarge" | "aborted" };

/** Reads a request body. Stops reading when it is too large. Never rejects. */
export async function readBody({ body, headers }: Request): Promise<ReadBody> {
  if (Number(headers.get("content-length")) > MAX_BODY_BYTES) return { refused: "tooLarge" };
  if (body === null) return { text: "" };
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { text: text + decoder.decode() };
      size += value.byteLength;
      if (size > MAX_BODY_BYTES) {
        await reader.cancel();
        return { refused: "tooLarge" };
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    return { refused: "aborted" };
  }
}
