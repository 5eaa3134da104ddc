import type { Cell } from "../../cells/cell.js";
import { w1, w2, w3, w11 } from "./cells/evaluations.js";
import { w4 } from "./cells/w4.js";
import { w5 } from "./cells/w5.js";
import { w6 } from "./cells/w6.js";
import { ofShop, w8 } from "./cells/w8.js";
import { w9 } from "./cells/w9.js";
import { w10 } from "./cells/w10.js";
import { w15, w15Heap, w15Stall } from "./cells/w15.js";

/** Cells of Amplitude, in the order in which they are run. */
export const AMPLITUDE_CELLS: readonly Cell[] = [
  w1,
  w11,
  w2,
  w3,
  w4,
  w5,
  w6,
  w8,
  ...ofShop,
  w9,
  ...w10,
  w15,
  w15Stall,
  w15Heap,
];
