import { type Interned, isJsonObject, type JsonObject } from "@sortition/core/dialect";

/** A feature as received, whose rules have the same lists and objects as equal rules of other features. */
export function sharingMembers(raw: unknown, interned: Interned): unknown {
  if (!isJsonObject(raw)) return raw;
  const { defaultValue, rules } = raw;
  return {
    defaultValue: interned.json(defaultValue),
    rules: Array.isArray(rules) ? rules.map((rule) => ruleSharing(rule, interned)) : rules,
  };
}

/** Copied member by member: a spread would give each copy a hidden class of its own on Node 20. */
function ruleSharing(rule: unknown, interned: Interned): unknown {
  if (!isJsonObject(rule) || Object.hasOwn(rule, "__proto__")) return rule;
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(rule)) copy[name] = interned.json((rule as JsonObject)[name]);
  return copy;
}
