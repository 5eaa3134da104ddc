import type { Cell } from "../cells/cell.js";
import { propagation } from "./cells/w12.js";
import { w12Stall } from "./cells/w12-stall.js";
import { w13 } from "./cells/w13.js";

/** Cells of a fleet that shares its configuration in Redis. Each starts a redis-server of its own. */
export const REDIS_CELLS: readonly Cell[] = [...propagation, w12Stall, w13];
