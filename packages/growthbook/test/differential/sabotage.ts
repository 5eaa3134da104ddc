import { mapObjects } from "@sortition/dialect-kit/differential";
import { FAMILIES } from "./conditions.js";
import type { GeneratedPayload } from "./payloads.js";

/** Input of our side. */
type Given = Omit<GeneratedPayload, "faults">;

/** Puts a fault into the input of our side. */
export type Sabotage = (given: Given) => Given;

/** One fault for each family of operators and each part of rules. */
export const SABOTAGES: readonly { readonly name: string; readonly sabotage: Sabotage }[] = [
  ...Object.entries(FAMILIES).map(([family, operators]) => ({
    name: `operators: ${family}`,
    sabotage: mapping((name, value) => [operators.includes(name) ? "$spoilt" : name, value]),
  })),
  { name: "literals", sabotage: mapping((name, value) => [name, value === "a" ? "b" : value]) },
  { name: "hash version", sabotage: replacing("hashVersion", (it) => (it === 2 ? 1 : 2)) },
  { name: "coverage", sabotage: replacing("coverage", (it) => (it as number) / 2) },
  { name: "weights", sabotage: replacing("weights", () => [0.9, 0.1]) },
  { name: "namespaces", sabotage: replacing("namespace", () => ["other", 0, 0.5]) },
  { name: "filters", sabotage: replacing("filters", () => []) },
  { name: "ranges", sabotage: replacing("ranges", () => [[0, 0.1]]) },
  { name: "rollouts by range", sabotage: replacing("range", () => [0.3, 0.6]) },
  { name: "prerequisites", sabotage: replacing("parentConditions", () => []) },
  { name: "gates", sabotage: replacing("gate", (it) => !it) },
  { name: "sticky versions", sabotage: replacing("bucketVersion", (it) => (it as number) + 1) },
  { name: "blocked versions", sabotage: replacing("minBucketVersion", () => 0) },
  { name: "fallback attributes", sabotage: replacing("fallbackAttribute", () => "none") },
  { name: "passthrough", sabotage: replacing("passthrough", () => false) },
  { name: "contextual bandits", sabotage: replacing("contextualBanditRef", () => "none") },
  { name: "tracks", sabotage: replacing("tracks", () => []) },
  { name: "forced values", sabotage: replacing("force", () => "spoilt") },
];

function replacing(name: string, change: (value: unknown) => unknown): Sabotage {
  return mapping((key, value) => [key, key === name ? change(value) : value]);
}

function mapping(change: (name: string, value: unknown) => [string, unknown]): Sabotage {
  return (given) =>
    mapObjects(given, (it) =>
      Object.fromEntries(Object.entries(it).map(([name, value]) => change(name, value))),
    ) as Given; // has the same shape
}
