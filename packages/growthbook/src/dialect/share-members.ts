import { isJsonObject, type JsonObject } from "@sortition/core/dialect";
import type { Interned } from "@sortition/core/dialect-internal";

/**
 * Replaces a feature's default value and the lists and objects in its rules by equal ones from other features. The
 * feature is changed in place, because we parsed it ourselves and a copy would be kept in memory.
 */
export function shareMembers(raw: unknown, interned: Interned): void {
  if (!isJsonObject(raw)) return;
  shareMember(raw, "defaultValue", interned);
  const { rules } = raw;
  if (!Array.isArray(rules)) return;
  for (const rule of rules as readonly unknown[]) {
    if (isJsonObject(rule)) for (const name of Object.keys(rule)) shareMember(rule, name, interned);
  }
}

function shareMember(owner: JsonObject, name: string, interned: Interned): void {
  const own = owner[name];
  const shared = interned.json(own);
  // Assigning `__proto__`, an own member in parsed JSON, would replace the prototype.
  if (shared !== own && name !== "__proto__") (owner as Record<string, unknown>)[name] = shared;
}
