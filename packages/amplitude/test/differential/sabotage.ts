import type { Flag } from "./configurations.js";
import { type Family, OPERATORS } from "./values.js";

/** The flags with each operator of a family replaced by its neighbour in the family. */
export function breakFamily(flags: readonly Flag[], family: Family): readonly Flag[] {
  const operators: readonly string[] = OPERATORS[family];
  return JSON.parse(JSON.stringify(flags), (name, value: unknown) => {
    const index = name === "op" ? operators.indexOf(value as string) : -1;
    if (index === -1) return value;
    // An unknown operator is never true, so that one that is must take its place.
    return family === "unknown" ? "does not contain" : operators[(index + 1) % operators.length];
  }) as readonly Flag[];
}
