import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatSpent, overspentProjects, readBudgets } from "../scripts/test-budget.mjs";
import { readTestProjects } from "../scripts/test-projects.mjs";

const root = join(import.meta.dirname, "..");

describe("scripts/test-budget.json", () => {
  const projects = readTestProjects(root).map(({ name }) => name);

  it.each(["test", "test:long"])("has a budget for each project in %s", (task) => {
    const budgets = readBudgets(join(root, "scripts/test-budget.json"), task, projects);
    expect(Object.keys(budgets).sort()).toEqual([...projects].sort());
  });
});

describe("readBudgets", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sortition-budget-"));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const read = (budgets: Readonly<Record<string, unknown>>) => {
    const path = join(folder, "budget.json");
    const rows = Object.entries(budgets).map(([project, test]) => [project, { test }]);
    writeFileSync(path, JSON.stringify(Object.fromEntries(rows)));
    return readBudgets(path, "test", ["core", "node"]);
  };

  it("returns what the file has", () => {
    expect(read({ core: 30, node: 0.5 })).toEqual({ core: 30, node: 0.5 });
  });

  it.each([
    { budgets: { core: 1, node: 1, nod: 1 }, problem: '"nod" is not a project' },
    { budgets: { core: 1 }, problem: 'the project "node" has no budget; that of a new one is {' },
    { budgets: { core: "1", node: 1 }, problem: '"core": expected processor seconds' },
    { budgets: { core: 1, node: 0 }, problem: '"node": expected processor seconds' },
    { budgets: { core: 1, node: -2 }, problem: '"node": expected processor seconds' },
    { budgets: { core: null, node: 1 }, problem: '"core": expected processor seconds' },
  ])("refuses $budgets: $problem", ({ budgets, problem }) => {
    expect(() => read(budgets)).toThrow(`"test": ${problem}`);
  });
});

const FILES = [
  { project: "core", file: "packages/core/src/a.test.ts", seconds: 10 },
  { project: "core", file: "packages/core/src/b.test.ts", seconds: 21 },
  { project: "node", file: "packages/node/test/c.test.ts", seconds: 5 },
];

describe("overspentProjects", () => {
  it("allows half more than the budget", () => {
    expect(overspentProjects({ core: 31 / 1.5, node: 4 }, FILES)).toEqual([]);
  });

  it("names the project and its dearest file", () => {
    expect(overspentProjects({ core: 20, node: 4 }, FILES)).toEqual([
      "core spent 31.0 s of processor time, its budget is 20 s (half more is allowed); packages/core/src/b.test.ts took 21.0 s",
    ]);
  });
});

describe("formatSpent", () => {
  it("prints what each project spent beside its budget, and the dearest files first", () => {
    expect(formatSpent({ core: 20, node: 4 }, FILES, true).split("\n")).toEqual([
      "Processor seconds: spent, budget",
      "  core              31.0      20  half more than its budget",
      "  node               5.0       4",
      "  all of these      36.0      24",
      "Dearest files",
      "    21.0  packages/core/src/b.test.ts",
      "    10.0  packages/core/src/a.test.ts",
      "     5.0  packages/node/test/c.test.ts",
    ]);
  });

  it("lists ten files at most", () => {
    const many = Array.from({ length: 12 }, (_, i) => ({
      project: "core",
      file: `packages/core/src/${i}.test.ts`,
      seconds: i,
    }));
    const lines = formatSpent({ core: 100 }, many, true).split("\n");
    expect(lines.slice(lines.indexOf("Dearest files") + 1)).toHaveLength(10);
  });

  it("says if the time of child processes is unknown", () => {
    expect(formatSpent({ core: 20, node: 4 }, FILES, false)).toMatch(
      /^Processor seconds without child processes: /,
    );
  });
});
