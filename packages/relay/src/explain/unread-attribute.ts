import type { Configuration } from "@sortition/core";
import { nearestName } from "@sortition/core/internal";
import type { DialectName } from "../config/config.js";
import { hasHashedKeys } from "../environment/hashed-keys.js";
import { maxDistance } from "./find-flags.js";
import { type KnownAttribute, LOOKED_UP } from "./known-attributes.js";

/** An attribute that has no effect. */
export interface UnreadAttribute {
  /** Whether evaluations replace it with the cohorts that they look up (Amplitude). */
  readonly isLookedUp: boolean;
  /** The most similar known attribute; `null` if none is similar. */
  readonly nearest: string | null;
}

/** Attributes that evaluations read even if no rule names them. */
const ALWAYS_READ: Readonly<Record<DialectName, ReadonlySet<string>>> = {
  amplitude: new Set(["group_properties", "groups", "user_properties"]),
  datadog: new Set(["id"]),
  eppo: new Set(["id"]),
  growthbook: new Set(["id"]),
  posthog: new Set(["$device_id", "$group_properties", "$groups", "distinct_id"]),
};

/**
 * Checks whether a rule may read an attribute, by searching the payload for its name. This is fast and misses no rule,
 * but it also finds names with another meaning.
 *
 * @param known - suggested attributes.
 * @returns `null` if a rule may read it.
 */
export function findUnread(
  configuration: Configuration,
  dialect: DialectName,
  known: readonly KnownAttribute[],
  name: string,
): UnreadAttribute | null {
  if (ALWAYS_READ[dialect].has(name) || known.some((it) => it.name === name)) return null;
  if (dialect === "amplitude" && LOOKED_UP.has(name)) return { isLookedUp: true, nearest: null };
  // Payloads may escape other characters.
  if (!/^[\w $.:-]{1,100}$/.test(name)) return null;
  if (hasHashedKeys(configuration)) return null;
  const isRead = configuration.payloads.some(({ bytes }) => {
    const payload = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return payload.includes('"encryptedFeatures"') || isMentioned(payload, dialect, name);
  });
  if (isRead) return null;
  const names = known.map((it) => it.name);
  return { isLookedUp: false, nearest: nearestName(name, names, maxDistance(name)) };
}

/** Maximum number of places to check. */
const MAX_PLACES = 1_000;

function isMentioned(payload: Buffer, dialect: DialectName, name: string): boolean {
  // In GrowthBook's conditions, the names of members are attributes or paths.
  if (dialect === "growthbook") {
    return payload.includes(`"${name}"`) || payload.includes(`"${name}.`);
  }
  const quoted = `"${name}"`;
  let at = payload.indexOf(quoted);
  for (let i = 0; i < MAX_PLACES && at >= 0; i++) {
    const end = at + quoted.length;
    // In other vendors' payloads, attributes are string values, not member names.
    if (!/^\s*:/.test(payload.toString("latin1", end, end + 20))) return true;
    at = payload.indexOf(quoted, end);
  }
  return at >= 0;
}
