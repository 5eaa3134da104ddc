import type { Vendor } from "../dialects/vendor.js";
import type { Cell } from "./cell.js";
import { evaluationsOf } from "./evaluations.js";
import { firstLogged } from "./first-logged.js";
import { loadOf } from "./loading.js";
import { loggingOf } from "./logging.js";
import { startsOf } from "./starting.js";

/** Creates all cells of a vendor, in the order in which they run. */
export function cellsOf(vendor: Vendor): readonly Cell[] {
  return [
    firstLogged(vendor),
    ...evaluationsOf(vendor),
    loggingOf(vendor),
    loadOf(vendor),
    ...startsOf(vendor),
    ...(vendor.own?.(vendor) ?? []),
  ];
}
