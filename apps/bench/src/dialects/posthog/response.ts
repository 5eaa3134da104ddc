/** The part of a response that both clients read. */
export function responseOf(bytes: Uint8Array) {
  const text = async () => new TextDecoder().decode(bytes);
  return {
    status: 200,
    text,
    json: async () => JSON.parse(await text()),
    headers: { get: () => null },
    // The drop-in recognises Node's class by this name. Other responses are treated as test doubles, whose JSON may differ from their text.
    [Symbol.toStringTag]: "Response" as const,
  };
}
