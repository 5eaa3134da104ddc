import type { Cell } from "./cell.js";
import { importing } from "./import.js";
import { w1, w1WithUuids } from "./w1.js";
import { w2 } from "./w2.js";
import { w6 } from "./w6.js";
import { w7With10, w7With100 } from "./w7.js";
import { w8 } from "./w8.js";

/** All cells, in the order in which they are run. */
export const CELLS: readonly Cell[] = [w1, w1WithUuids, w2, w6, w7With10, w7With100, w8, importing];
