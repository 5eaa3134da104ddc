import { resolve } from "node:path";
import { CELLS } from "../cells/catalogue.js";
import type { Cell } from "../cells/cell.js";
import { describeMachine } from "../machine.js";
import type { Command } from "../options.js";
import { launchIn } from "../process/launch.js";
import { writeReport } from "../report-file.js";
import { formatHeading } from "../table.js";
import { type Benches, provideBenches } from "./benches.js";
import { type Checkout, openCheckout } from "./checkout.js";
import { compareCell, type Manner, obstacleOf } from "./compare-cell.js";
import { createCoreWatch } from "./core-watch.js";
import { requireEqualBuilds } from "./equal-builds.js";
import { type ComparedCell, type ComparisonReport, isRefused } from "./report.js";
import { formatComparedCell, formatSummary } from "./table.js";

/** The folder of this bench: its modules are in files of `dist`. */
const HOME = resolve(import.meta.dirname, "..");

type Comparing = Extract<Command, { kind: "compare" }>;

/** Compares this build with that of another checkout. Returns the exit code. */
export async function compareCommand(command: Comparing): Promise<0 | 1 | 2> {
  let other: Checkout;
  try {
    other = openCheckout(command.against);
    requireEqualBuilds(resolve(HOME, "../.."), other.folder);
  } catch (cause) {
    console.error(`bench: --against: ${(cause as Error).message}`); // both throw errors
    return 2;
  }
  const benches = provideBenches(HOME, other);
  process.once("exit", benches.remove);
  // The run is long, and some users will not wait for its end.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  return isRefused(await compare(command, other, benches)) ? 1 : 0;
}

async function compare(
  { mode, limit, cellIds, jsonFile }: Comparing,
  other: Checkout,
  { ours, theirs, difference, lent }: Benches,
): Promise<ComparisonReport> {
  const startedAt = new Date().toISOString();
  const machine = describeMachine();
  console.log(formatHeading({ startedAt, mode, machine }));
  if (difference !== null) {
    console.log(
      `The other packages cannot run our cells (${difference}): their own bench measures them.`,
    );
  }
  if (lent.length > 0) {
    console.log(
      `The other checkout has no ${lent.join(", ")}: where a cell needs it, ours is used.`,
    );
  }
  const launches = { ours: launchIn(ours), theirs: launchIn(theirs) };
  const cells: ComparedCell[] = [];
  for (const cell of CELLS.filter(({ id }) => cellIds.includes(id))) {
    const compared = await comparedCell(cell, other, {
      mode,
      limit,
      launches,
      createCoreWatch,
      lent,
    });
    cells.push(compared);
    console.log(`\n${formatComparedCell(compared, limit)}`);
  }
  const report = { startedAt, mode, machine, against: other.folder, limit, cells };
  const file = writeReport(report, jsonFile);
  console.log(`\n${formatSummary(report)}\nreport: ${file}`);
  return report;
}

async function comparedCell(cell: Cell, other: Checkout, manner: Manner): Promise<ComparedCell> {
  const { id, title, unit } = cell;
  if (!other.cellIds.includes(id)) return { id, title, state: "new" };
  const reason = obstacleOf(cell);
  if (reason !== null) return { id, title, state: "not compared", reason };
  return { id, title, state: "compared", unit, participants: await compareCell(cell, manner) };
}
