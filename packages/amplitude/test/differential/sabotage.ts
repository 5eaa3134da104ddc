import type { Flag } from "./configurations.js";
import type { Sabotage } from "./plan.js";
import { FAMILIES, type Family, OPERATORS } from "./values.js";

/** A fault for each family of operators. */
export const SABOTAGES: readonly { readonly name: string; readonly sabotage: Sabotage }[] =
  FAMILIES.map((family) => ({
    name: `operators of the family ${family}`,
    sabotage: (flags) => breakFamily(flags, family),
  }));

/** Replaces each operator of a family with the next one in the family. */
function breakFamily(flags: readonly Flag[], family: Family): readonly Flag[] {
  const operators: readonly string[] = OPERATORS[family];
  return JSON.parse(JSON.stringify(flags), (name, value: unknown) => {
    const index = name === "op" ? operators.indexOf(value as string) : -1;
    if (index === -1) return value;
    // An unknown operator never matches, so it is replaced with one that can.
    return family === "unknown" ? "does not contain" : operators[(index + 1) % operators.length];
  }) as readonly Flag[];
}
