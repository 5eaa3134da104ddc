import { readFileSync } from "node:fs";
import type { FleetSettings } from "./fleet.js";

/**
 * Removes a rule from a script of the package. A fleet with this script must fail.
 *
 * @param replacement - text that replaces the rule.
 */
export function mutant(
  script: string,
  rule: RegExp,
  replacement = "",
): NonNullable<FleetSettings["replaced"]> {
  const text = readFileSync(new URL(`../../src/lua/${script}`, import.meta.url), "utf8");
  const changed = text.replace(rule, replacement);
  if (changed === text) throw new Error(`no such rule in ${script}`);
  return { [`/${script}`]: changed };
}
