import type { Cell } from "./cell.js";

/** How many flags a page has. */
export const PAGE_FLAGS = 500;

/** What all cells of whole pages share. */
export const ALL_FLAGS: Pick<Cell, "unit" | "effort" | "collectsGarbage" | "findFault"> = {
  unit: "ns",
  effort: {
    full: { rounds: 20, operations: 100, warmUpOperations: 100 },
    quick: { rounds: 5, operations: 50, warmUpOperations: 50 },
  },
  collectsGarbage: false,
  findFault: ({ countsOn = [] }) => {
    const counts = countsOn as readonly number[]; // what the tasks answer
    const isHalf = counts.every((it) => Math.abs(it / PAGE_FLAGS - 0.5) < 0.15);
    if (!isHalf) return "a subject has far from half of the flags on";
    return new Set(counts).size > 1 ? null : "all subjects have the same number of flags on";
  },
};
