/** Maximum size of a request body in bytes, enough for a token and the keys of its flags. */
export const MAX_BODY_BYTES = 16_384;

/** Reads a request body as text. Returns `null` if it is too large, without reading the rest. */
export async function readBody({ body, headers }: Request): Promise<string | null> {
  if (Number(headers.get("content-length")) > MAX_BODY_BYTES) return null;
  if (body === null) return "";
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > MAX_BODY_BYTES) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}
