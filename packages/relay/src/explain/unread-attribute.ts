import type { Configuration } from "@sortition/core";
import type { AttributeNames } from "@sortition/core/dialect";
import { nearestName } from "@sortition/core/internal";
import { hasHashedKeys } from "../environment/hashed-keys.js";
import { maxDistance } from "./find-flags.js";
import type { KnownAttribute } from "./known-attributes.js";

/** An attribute that has no effect. */
export interface UnreadAttribute {
  /** Whether evaluations replace it with what they look up. */
  readonly isLookedUp: boolean;
  /** The most similar known attribute; `null` if none is similar. */
  readonly nearest: string | null;
}

/**
 * Checks whether a rule may read an attribute, by searching the payload for its name. This is fast and misses no rule,
 * but it also finds names with another meaning.
 *
 * @param known - suggested attributes.
 * @returns `null` if a rule may read it.
 */
export function findUnread(
  configuration: Configuration,
  attributes: AttributeNames,
  known: readonly KnownAttribute[],
  name: string,
): UnreadAttribute | null {
  const { always, lookedUp, writtenAs } = attributes;
  if (always.has(name) || known.some((it) => it.name === name)) return null;
  if (lookedUp?.has(name) === true) return { isLookedUp: true, nearest: null };
  // Payloads may escape other characters.
  if (!/^[\w $.:-]{1,100}$/.test(name)) return null;
  if (hasHashedKeys(configuration)) return null;
  const isRead = configuration.payloads.some(({ bytes }) => {
    const payload = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return payload.includes('"encryptedFeatures"') || isMentioned(payload, writtenAs, name);
  });
  if (isRead) return null;
  const names = known.map((it) => it.name);
  return { isLookedUp: false, nearest: nearestName(name, names, maxDistance(name)) };
}

/** Maximum number of places to check. */
const MAX_PLACES = 1_000;

function isMentioned(
  payload: Buffer,
  writtenAs: AttributeNames["writtenAs"],
  name: string,
): boolean {
  // Names of members may be paths.
  if (writtenAs === "members") {
    return payload.includes(`"${name}"`) || payload.includes(`"${name}.`);
  }
  const quoted = `"${name}"`;
  let at = payload.indexOf(quoted);
  for (let i = 0; i < MAX_PLACES && at >= 0; i++) {
    const end = at + quoted.length;
    // A string value is not followed by a colon.
    if (!/^\s*:/.test(payload.toString("latin1", end, end + 20))) return true;
    at = payload.indexOf(quoted, end);
  }
  return at >= 0;
}
