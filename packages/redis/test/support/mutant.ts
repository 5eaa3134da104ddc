import { readFileSync } from "node:fs";
import type { FleetSettings } from "./fleet.js";

/**
 * A script of the package without one of its rules, for a fleet that must then fail.
 *
 * @param replacement - what stands there instead.
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
