import { diff, evaluate, replay } from "../cli/cells.js";
import { VENDORS } from "../dialects/vendors.js";
import { propagation } from "../redis/cells/w12.js";
import { w12Stall } from "../redis/cells/w12-stall.js";
import { w13 } from "../redis/cells/w13.js";
import type { Cell } from "./cell.js";
import { hash } from "./hash.js";
import { cellsOf } from "./of-vendor.js";
import { openfeature } from "./openfeature.js";
import { risk } from "./risk.js";
import { w20 } from "./subjects-in.js";

/** Cells by dialect; the cells of `core`, `redis` and `cli` belong to no dialect. */
const CELLS_BY_DIALECT: Readonly<Record<string, readonly Cell[]>> = {
  core: [hash, risk, openfeature, w20],
  ...Object.fromEntries(VENDORS.map((vendor) => [vendor.name, cellsOf(vendor)])),
  redis: [...propagation, w12Stall, w13],
  cli: [evaluate, ...diff, ...replay],
};

/** Names that `--dialect` accepts. */
export const DIALECTS: readonly string[] = Object.keys(CELLS_BY_DIALECT);

/** All cells in the order in which they run. Their ids are prefixed by the dialect, e.g. `eppo:W1`. */
export const CELLS: readonly Cell[] = Object.entries(CELLS_BY_DIALECT).flatMap(([dialect, cells]) =>
  cells.map((cell) => ({ ...cell, id: `${dialect}:${cell.id}` })),
);
