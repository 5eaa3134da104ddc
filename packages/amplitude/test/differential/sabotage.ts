import type { Flag } from "./configurations.js";
import type { Sabotage } from "./plan.js";
import { FAMILIES, type Family, OPERATORS } from "./values.js";

/** A fault for each family of operators. */
export const SABOTAGES: readonly { readonly name: string; readonly sabotage: Sabotage }[] =
  FAMILIES.map((family) => ({
    name: `operators of the family ${family}`,
    sabotage: (flags) => breakFamily(flags, family),
  }));

/** The flags with each operator of a family replaced by its neighbour in the family. */
function breakFamily(flags: readonly Flag[], family: Family): readonly Flag[] {
  const operators: readonly string[] = OPERATORS[family];
  return JSON.parse(JSON.stringify(flags), (name, value: unknown) => {
    const index = name === "op" ? operators.indexOf(value as string) : -1;
    if (index === -1) return value;
    // An unknown operator is never true, so that one that is must take its place.
    return family === "unknown" ? "does not contain" : operators[(index + 1) % operators.length];
  }) as readonly Flag[];
}
