import type { Cell } from "../../cells/cell.js";
import { w1, w11 } from "./cells/w1.js";
import { w2 } from "./cells/w2.js";
import { w3 } from "./cells/w3.js";
import { w4 } from "./cells/w4.js";
import { w5 } from "./cells/w5.js";
import { w6, w6Garbage } from "./cells/w6.js";
import { ofShop, w8 } from "./cells/w8.js";
import { w9 } from "./cells/w9.js";
import { w10 } from "./cells/w10.js";
import { w14 } from "./cells/w14.js";

/** Cells of GrowthBook, in the order in which they are run. */
export const GROWTHBOOK_CELLS: readonly Cell[] = [
  w1,
  w11,
  w2,
  w3,
  w4,
  ...w5,
  w6,
  w6Garbage,
  w8,
  ...ofShop,
  w9,
  ...w10,
  w14,
];
