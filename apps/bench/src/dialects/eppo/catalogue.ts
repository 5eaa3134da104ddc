import type { Cell } from "../../cells/cell.js";
import { w1, w1WithUuids, w11 } from "./cells/w1.js";
import { w1FirstLogged, w1Unlogged } from "./cells/w1-logged.js";
import { w2 } from "./cells/w2.js";
import { w3 } from "./cells/w3.js";
import { w4 } from "./cells/w4.js";
import { w5 } from "./cells/w5.js";
import { w6 } from "./cells/w6.js";
import { w6Garbage } from "./cells/w6-garbage.js";
import { w7With10, w7With100 } from "./cells/w7.js";
import { ofShop, w8 } from "./cells/w8.js";
import { w8First } from "./cells/w8-first.js";
import { w8Load, w8LoadStall } from "./cells/w8-load.js";
import { w9, w9Import, w9Init } from "./cells/w9.js";
import { w9Packages, w9Size } from "./cells/w9-installed.js";
import { w9Network } from "./cells/w9-network.js";
import { w10All, w10One } from "./cells/w10.js";

/** Cells of Eppo, in the order in which they are run. */
export const EPPO_CELLS: readonly Cell[] = [
  w1Unlogged,
  w1FirstLogged,
  w1,
  w1WithUuids,
  w11,
  w2,
  w3,
  w4,
  w5,
  w6,
  w6Garbage,
  w7With10,
  w7With100,
  ...w8,
  w8First,
  w8Load,
  w8LoadStall,
  ...ofShop,
  w9,
  w9Import,
  w9Init,
  w9Network,
  w9Size,
  w9Packages,
  w10All,
  w10One,
];
