import { VENDORS } from "../dialects/vendors.js";
import { propagation } from "../redis/cells/w12.js";
import { w12Stall } from "../redis/cells/w12-stall.js";
import { w13 } from "../redis/cells/w13.js";
import type { Cell } from "./cell.js";
import { hash } from "./hash.js";
import { cellsOf } from "./of-vendor.js";

/** Cells by dialect; the cells of `core` and `redis` belong to no dialect. */
const CELLS_BY_DIALECT: Readonly<Record<string, readonly Cell[]>> = {
  core: [hash],
  ...Object.fromEntries(VENDORS.map((vendor) => [vendor.name, cellsOf(vendor)])),
  redis: [...propagation, w12Stall, w13],
};

/** Names that `--dialect` accepts. */
export const DIALECTS: readonly string[] = Object.keys(CELLS_BY_DIALECT);

/** All cells in the order in which they run. Their ids are prefixed by the dialect, e.g. `eppo:W1`. */
export const CELLS: readonly Cell[] = Object.entries(CELLS_BY_DIALECT).flatMap(([dialect, cells]) =>
  cells.map((cell) => ({ ...cell, id: `${dialect}:${cell.id}` })),
);
