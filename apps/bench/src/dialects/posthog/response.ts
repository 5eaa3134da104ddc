/** What both clients read of a response. */
interface ClientResponse {
  readonly status: number;
  text(): Promise<string>;
  json(): Promise<unknown>;
  readonly headers: { get(name: string): null };
  /** As of Node's: what has another name is taken for the double of a test, whose JSON may be another than its text. */
  readonly [Symbol.toStringTag]: "Response";
}

export function responseOf(bytes: Uint8Array): ClientResponse {
  const text = async () => new TextDecoder().decode(bytes);
  return {
    status: 200,
    text,
    json: async () => JSON.parse(await text()),
    headers: { get: () => null },
    [Symbol.toStringTag]: "Response",
  };
}
