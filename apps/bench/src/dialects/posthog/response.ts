/** The part of a response that both clients read. */
export function responseOf(bytes: Uint8Array) {
  const text = async () => new TextDecoder().decode(bytes);
  return {
    status: 200,
    text,
    json: async () => JSON.parse(await text()),
    headers: { get: () => null },
    // The name of Node's class: the drop-in takes a response with another name for a test double, whose JSON may differ from its text.
    [Symbol.toStringTag]: "Response" as const,
  };
}
