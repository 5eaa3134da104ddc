/** What both clients read of a response. */
export function responseOf(bytes: Uint8Array) {
  const text = async () => new TextDecoder().decode(bytes);
  return {
    status: 200,
    text,
    json: async () => JSON.parse(await text()),
    headers: { get: () => null },
    // As of Node's: what has another name is taken for the double of a test, whose JSON may be another than its text.
    [Symbol.toStringTag]: "Response" as const,
  };
}
