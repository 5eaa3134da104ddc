import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { transformSync } from "esbuild";
import { expect, it } from "vitest";
import { findMutants, isValid, markMutants, plant } from "../scripts/mutants/find-mutants.mjs";

const root = join(import.meta.dirname, "..");
const SOURCE = `
import { one } from "./1.js";
type Two = 1 | 2;
const table = { 1: 5 } as const;
const { 1: five } = table;
export function decide(order: number, other?: number): boolean {
  if (order < 0 && !one) report(order);
  const limit = other ?? Math.min(order, 2) * 1;
  return limit >= 3 ? true : isAny([order].some((it) => it === 4));
}
`;

it("plants faults in operators, conditions, numbers and calls, but not in types", () => {
  const changes = findMutants("a.ts", SOURCE).map(({ from, to }) => `${from} → ${to}`);
  expect(changes).toEqual([
    "5 → (5 + 1)",
    "order < 0 && !one → ((order < 0) || (!one))",
    "order < 0 && !one → true",
    "order < 0 && !one → false",
    "order < 0 → ((order) <= (0))",
    "0 → (0 + 1)",
    "!one → !!one",
    "report(order) → undefined",
    "other ?? Math.min(order, 2) * 1 → ((other) && (Math.min(order, 2) * 1))",
    "Math.min(order, 2) * 1 → ((Math.min(order, 2)) / (1))",
    "Math.min(order, 2) → Math.max(order, 2)",
    "2 → (2 + 1)",
    "1 → (1 + 1)",
    "limit >= 3 → ((limit) > (3))",
    "limit >= 3 → !(limit >= 3)",
    "3 → (3 + 1)",
    "[order].some((it) => it === 4) → [order].every((it) => it === 4)",
    "it === 4 → ((it) !== (4))",
    "4 → (4 + 1)",
  ]);
});

it("gives each fault of a file another key, which holds when lines above change", () => {
  const keys = (text: string) => findMutants("a.ts", text).map(({ key }) => key);
  const twice = "const a = 1 < x || 1 < y || 1 < x;\n";
  expect(new Set(keys(twice)).size).toBe(keys(twice).length);
  expect(keys(`// A comment.\n${twice}`)).toEqual(keys(twice));
});

it("recognizes faults that are syntax errors", () => {
  const fault = { file: "a.ts", line: 1, start: 0, end: 1, from: "a", key: "" };
  expect(isValid("a || b", { ...fault, to: "c" })).toBe(true);
  expect(isValid("a || b", { ...fault, to: "c ?? d" })).toBe(false);
});

it("marks faults without another result, and records those that are reached", () => {
  const text = `calls.push((a < 1 && b > 2 ? 3 : 4) + (a ?? 5));`;
  const mutants = findMutants("a.ts", text).map((it, id) => ({ ...it, id }));
  for (const a of [0, 1, null]) {
    const run = (code: string) => {
      const [calls, reached] = [[] as number[], new Set<number>()];
      const context = { a, b: 3, calls, reachMutant: (id: number) => reached.add(id) };
      runInNewContext(transformSync(code, { loader: "ts" }).code, context);
      return { calls, reached };
    };
    const marked = run(markMutants(text, mutants));
    expect(marked.calls).toEqual(run(text).calls);
    for (const mutant of mutants.filter(({ id }) => !marked.reached.has(id))) {
      expect(run(plant(text, mutant)).calls).toEqual(marked.calls);
    }
  }
});

it("lists only harmless faults that the sources still have", () => {
  const text = readFileSync(join(root, "scripts/mutants/harmless.json"), "utf8");
  const listed: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(text);
  for (const [file, reasons] of Object.entries(listed)) {
    const keys = findMutants(file).map(({ key }) => key);
    expect(keys, file).toEqual(expect.arrayContaining(Object.keys(reasons)));
  }
});
