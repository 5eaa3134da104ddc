import { expect, it } from "vitest";
import { cellsOf } from "../src/cells/of-vendor.js";
import { toy } from "./toy/toy.js";

/** Whether a cell is quick. Large shops take long to encrypt. */
const isQuick = ({ id }: { readonly id: string }): boolean => !/^W8/.test(id);
const CELLS = cellsOf(toy);

it("creates all workloads for a dialect of one file", () => {
  expect(CELLS.map(({ id }) => id)).toEqual([
    ...["W1-first-logged", "W1", "W2", "W3", "W4", "W5", "W6", "W8"],
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
