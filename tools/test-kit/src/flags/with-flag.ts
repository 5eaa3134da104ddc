import { type JsonObject, objectOf } from "./json-object.js";
import type { PayloadParts } from "./writer.js";

/**
 * Returns the parts with a flag in a member of the payload that has flags by key.
 *
 * @param flag - `null` removes the flag.
 */
export function withMember(
  parts: PayloadParts,
  member: string,
  key: string,
  flag: JsonObject | null,
): PayloadParts {
  const payload = objectOf(parts["flags"]);
  const { [key]: _, ...others } = objectOf(payload[member]);
  const flags = flag === null ? others : { ...objectOf(payload[member]), [key]: flag };
  return { ...parts, flags: { ...payload, [member]: flags } };
}

/** Returns a list of flags with another one, which replaces the flag with the same key. `null` removes it. */
export function withListed(
  flags: readonly JsonObject[],
  key: string,
  flag: JsonObject | null,
): readonly JsonObject[] {
  const index = flags.findIndex((it) => it["key"] === key);
  const own = flag === null ? [] : [flag];
  return index === -1 ? [...flags, ...own] : flags.toSpliced(index, 1, ...own);
}
