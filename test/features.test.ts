import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { AMPLITUDE_SURFACE } from "../packages/amplitude/test/surface/surface.ts";
import { EPPO_SURFACE } from "../packages/eppo/test/surface/surface.ts";
import { GROWTHBOOK_SURFACE, PLUGINS_SURFACE } from "../packages/growthbook/test/client/surface.ts";
import { POSTHOG_SURFACE } from "../packages/posthog/test/surface/surface.ts";
import { root } from "./markdown.js";

/** Lists of names in the order of the table's columns. */
const SURFACES = [
  [EPPO_SURFACE],
  [GROWTHBOOK_SURFACE, PLUGINS_SURFACE],
  [AMPLITUDE_SURFACE],
  [POSTHOG_SURFACE],
];
const page = readFileSync(join(root, "docs/features.md"), "utf8");
const [, table = ""] = /^\| feature \|.*\n\|[-|]+\|\n((?:\|.*\n)+)/m.exec(page) ?? [];
const cells = table
  .trim()
  .split("\n")
  .flatMap((row) => {
    const [feature = "", ...columns] = row.slice(2, -2).split(" | ");
    return columns.map((cell, i) => ({ feature, cell, surfaces: SURFACES[i] ?? [] }));
  });

it("the table of features has four vendors, and most features work", () => {
  expect(cells.length).toBeGreaterThan(100);
  expect(cells.filter(({ cell }) => cell === "works").length).toBeGreaterThan(50);
  expect(
    cells.filter(({ cell }) => !/^(works|–|\*\*(differs|not there)\*\*: .+)$/.test(cell)),
  ).toEqual([]);
});

it.each(cells.filter(({ cell }) => cell.startsWith("**")))(
  "$feature: $cell: each reason occurs in the lists of names",
  ({ cell, surfaces }) => {
    const [, kind, text = ""] = /^\*\*(differs|not there)\*\*: (.+)$/.exec(cell) ?? [];
    const reasons = surfaces.flatMap(({ differs, notThere }) => [
      ...(kind === "differs" ? Object.values(differs) : []),
      ...Object.values(notThere),
    ]);
    const rest = reasons
      .toSorted((a, b) => b.length - a.length)
      .reduce((left, reason) => left.replace(reason, ""), text);
    expect(rest.replaceAll("; ", "")).toBe("");
  },
);
