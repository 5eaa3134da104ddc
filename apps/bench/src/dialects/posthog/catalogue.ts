import type { Cell } from "../../cells/cell.js";
import { w1, w11 } from "./cells/w1.js";
import { w2, w2Rollout, w3 } from "./cells/w2.js";
import { w4 } from "./cells/w4.js";
import { w5 } from "./cells/w5.js";
import { w6, w6Garbage } from "./cells/w6.js";
import { ofShop, w8 } from "./cells/w8.js";
import { w9, w9Process } from "./cells/w9.js";
import { w10 } from "./cells/w10.js";
import { w16, w16Delivery } from "./cells/w16.js";

/** Cells of PostHog, in the order in which they are run. */
export const POSTHOG_CELLS: readonly Cell[] = [
  w1,
  w11,
  w2,
  w2Rollout,
  w3,
  w4,
  w5,
  w6,
  w6Garbage,
  w8,
  ...ofShop,
  w9,
  w9Process,
  ...w10,
  w16,
  w16Delivery,
];
