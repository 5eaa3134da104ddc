import type { Cell } from "./cell.js";
import { hash } from "./hash.js";
import { w1, w1WithUuids, w11 } from "./w1.js";
import { w2 } from "./w2.js";
import { w3 } from "./w3.js";
import { w4 } from "./w4.js";
import { w5 } from "./w5.js";
import { w6 } from "./w6.js";
import { w6Garbage } from "./w6-garbage.js";
import { w7With10, w7With100 } from "./w7.js";
import { w8 } from "./w8.js";
import { w8Heap } from "./w8-heap.js";
import { w9, w9Import } from "./w9.js";
import { w9Packages, w9Size } from "./w9-installed.js";
import { w10All, w10One } from "./w10.js";

/** All cells, in the order in which they are run. */
export const CELLS: readonly Cell[] = [
  hash,
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
  w8Heap,
  w9,
  w9Import,
  w9Size,
  w9Packages,
  w10All,
  w10One,
];
