import type { ClientParts } from "./core-client.js";

/** Shared by all copies of this package in the process. */
const CLIENT: unique symbol = Symbol.for("sortition.client");

interface Marked {
  readonly [CLIENT]?: ClientParts<object>;
}

/** Marks a client with its parts. It is no member of the class, because declarations cannot name the symbol. */
export function markClient<Details extends object>(
  client: object,
  parts: ClientParts<Details>,
): void {
  Object.defineProperty(client, CLIENT, { value: parts });
}

/** Returns the parts of a client that any copy of this package created, or `null` for any other value. */
export function partsOf<Details extends object>(client: unknown): ClientParts<Details> | null {
  const parts = (client as Marked | null | undefined)?.[CLIENT] ?? null;
  return parts as ClientParts<Details> | null; // of the same client
}
