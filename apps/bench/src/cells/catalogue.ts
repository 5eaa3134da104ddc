import { evaluate } from "../cli/evaluate.js";
import { AMPLITUDE_CELLS } from "../dialects/amplitude/catalogue.js";
import { EPPO_CELLS } from "../dialects/eppo/catalogue.js";
import { GROWTHBOOK_CELLS } from "../dialects/growthbook/catalogue.js";
import { POSTHOG_CELLS } from "../dialects/posthog/catalogue.js";
import { REDIS_CELLS } from "../redis/catalogue.js";
import type { Cell } from "./cell.js";
import { hash } from "./hash.js";
import { openfeature } from "./openfeature.js";
import { risk } from "./risk.js";

/** Cells by dialect; `core`, `redis` and `cli` are those of no dialect. A new dialect is one more entry. */
const CELLS_BY_DIALECT: Readonly<Record<string, readonly Cell[]>> = {
  core: [hash, risk, openfeature],
  eppo: EPPO_CELLS,
  growthbook: GROWTHBOOK_CELLS,
  amplitude: AMPLITUDE_CELLS,
  posthog: POSTHOG_CELLS,
  redis: REDIS_CELLS,
  cli: [evaluate],
};

/** What `--dialect` can name. */
export const DIALECTS: readonly string[] = Object.keys(CELLS_BY_DIALECT);

/** All cells in the order in which they run. Their ids are prefixed by the dialect, e.g. `eppo:W1`. */
export const CELLS: readonly Cell[] = Object.entries(CELLS_BY_DIALECT).flatMap(([dialect, cells]) =>
  cells.map((cell) => ({ ...cell, id: `${dialect}:${cell.id}` })),
);
