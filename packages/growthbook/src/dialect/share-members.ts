import { type Interned, isJsonObject, type JsonObject } from "@sortition/core/dialect";

/**
 * Replaces the default value of a feature, and lists and objects of its rules, by equal ones of other features. In
 * place: the feature was parsed by us, and a copy would outlive it.
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
  // Setting `__proto__`, an own member of parsed JSON, would replace the prototype.
  if (shared !== own && name !== "__proto__") (owner as Record<string, unknown>)[name] = shared;
}
