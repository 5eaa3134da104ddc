import { VENDORS } from "../dialects/vendors.js";
import type { Cell } from "./cell.js";
import { cellsOf } from "./of-vendor.js";

/** Names that `--dialect` accepts. */
export const DIALECTS: readonly string[] = VENDORS.map(({ name }) => name);

/** All cells in the order in which they run. Their ids are prefixed by the dialect, e.g. `eppo:W1`. */
export const CELLS: readonly Cell[] = VENDORS.flatMap((vendor) =>
  cellsOf(vendor).map((cell) => ({ ...cell, id: `${vendor.name}:${cell.id}` })),
);
