import type { Payload, PayloadItems } from "../model/configuration.js";
import { bytesOf } from "../runtime/text.js";

/**
 * Creates a payload of a stream that changes single items. Its bytes, which define its hash and its copies, are created
 * when they are first read. For 10,000 flags, writing and comparing them for each change would take longer than
 * everything else.
 *
 * @param items - valid JSON. Neither the object nor its maps may change afterwards.
 */
export function payloadOfItems(
  items: PayloadItems,
  facts: Omit<Payload, "bytes" | "items">,
): Payload {
  let bytes: Uint8Array | null = null;
  return {
    ...facts,
    items,

    get bytes() {
      bytes ??= bytesOf(textOf(items));
      return bytes;
    },
  };
}

function textOf(items: PayloadItems): string {
  return objectOf(Object.entries(items).map(([name, byKey]) => [name, objectOf(byKey)]));
}

/** Returns an object with these members, whose values are JSON. */
function objectOf(members: Iterable<readonly [name: string, json: string]>): string {
  const texts: string[] = [];
  for (const [name, json] of members) texts.push(`${JSON.stringify(name)}:${json}`);
  return `{${texts.join()}}`;
}
