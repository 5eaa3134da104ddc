import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { cellsOf } from "../src/cells/of-vendor.js";
import { toy } from "./toy/toy.js";

/** Whether a cell is quick. Large shops take long to encrypt. */
const isQuick = ({ id }: { readonly id: string }): boolean => !/^W8|^W10/.test(id);
const CELLS = cellsOf(toy);

it("creates all workloads for a dialect of one file", () => {
  expect(CELLS.map(({ id }) => id)).toEqual([
    ...["W1-first-logged", "W1", "W11", "W2", "W3", "W4", "W5", "W6", "W6-garbage"],
    ...["W8", "W8-heap", "W8-used", "W10-all", "W10-one"],
  ]);
});

it.each(CELLS.filter(isQuick))("prepares and runs $id of such a dialect", async (cell) => {
  const answers = [];
  for (const { prepare } of cell.participants) {
    const task = await prepare();
    answers.push(task.answers);
    await task.run(10);
  }
  expect(cell.findFault(Object.assign({}, ...answers))).toBeNull();
});

it("takes at most 80 lines", () => {
  const file = readFileSync(new URL("toy/toy.ts", import.meta.url), "utf8");
  expect(file.split("\n").length - 1).toBeLessThanOrEqual(80);
});
