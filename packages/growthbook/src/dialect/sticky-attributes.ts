import { isObject } from "@sortition/core/dialect-internal";
import { safeText } from "./safe-text.js";

/**
 * Returns the names of the attributes whose sticky buckets a payload's experiments need. These are the hash and
 * fallback attributes of its experiment rules and auto experiments.
 *
 * @param rules - as received. Malformed rules are skipped.
 */
export function stickyAttributesOf(
  rules: Iterable<unknown>,
  experiments: Iterable<unknown>,
): readonly string[] {
  const names = new Set<string>();
  const add = ({ fallbackAttribute, hashAttribute }: Readonly<Record<string, unknown>>): void => {
    names.add(safeText(hashAttribute || "id"));
    if (fallbackAttribute) names.add(safeText(fallbackAttribute));
  };
  for (const rule of rules) {
    if (isObject(rule) && (rule["variations"] || rule["contextualVariations"])) add(rule);
  }
  for (const experiment of experiments) if (isObject(experiment)) add(experiment);
  return [...names];
}
