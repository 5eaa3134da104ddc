import type { Sabotage } from "./plan.js";
import { FAMILIES, OPERATORS } from "./values.js";

/** Faults in what our side receives: each must be found. */
export const SABOTAGES: readonly { readonly name: string; readonly sabotage: Sabotage }[] = [
  ...FAMILIES.map((family) => ({
    name: `operators of the family ${family}`,
    sabotage: (text: string) => {
      const operators: readonly string[] = OPERATORS[family];
      return changed(text, (name, value) => {
        const index = name === "operator" ? operators.indexOf(value as string) : -1;
        if (index === -1) return name === "value" && family === "presence" ? notOf(value) : value;
        return operators[(index + 1) % operators.length];
      });
    },
  })),
  {
    name: "another salt",
    sabotage: (text) => changed(text, (name, it) => (name === "salt" ? `${it}!` : it)),
  },
  {
    name: "another size of shard spaces",
    sabotage: (text) =>
      changed(text, (name, it) => (name === "totalShards" ? Math.min(Number(it) * 2, 4e9) : it)),
  },
  {
    name: "windows without an end",
    sabotage: (text) => changed(text, (name, it) => (name === "endAt" ? undefined : it)),
  },
];

function notOf(value: unknown): unknown {
  return typeof value === "boolean" ? !value : value;
}

function changed(text: string, change: (name: string, value: unknown) => unknown): string {
  return JSON.stringify(JSON.parse(text, change));
}
