import { compareCommand } from "./against.js";
import { CELLS, DIALECTS } from "./cells/catalogue.js";
import { VENDORS } from "./dialects/vendors.js";
import { drillCommand } from "./drill/command.js";
import { firstScreen } from "./first-screen.js";
import { describeMachine } from "./machine.js";
import { type Command, readCommand } from "./options.js";
import { launchIn } from "./process/launch.js";
import type { CellReport, Report } from "./report.js";
import { writeReport } from "./report-file.js";
import { runCell } from "./run-cell.js";
import { formatCell, formatHeading } from "./table.js";

const HELP = `Compares Sortition with the vendors' SDKs and with the platform's limits.

npm run bench -- drill takes every SDK through failures of its server: see drill --help.

npm run bench -- [options]
  --quick         fewer and shorter rounds, a minute or two
  --dialect NAME  only cells of this dialect (${DIALECTS.join(", ")}); can be repeated
  --cells LIST    only these cells, separated by commas: eppo:W1, or W1 for all dialects
  --json FILE     file for the report; default: a new file in apps/bench/reports/
  --against DIR   compare our packages with those of another built checkout
  --help          print this help

Cells
${CELLS.map(({ id, title }) => `  ${id.padEnd(21)}  ${title}`).join("\n")}

Exit code: 0 measured (targets met or not), 1 a cell was aborted, 2 invalid arguments.`;

const args = process.argv.slice(2);
const ids = CELLS.map(({ id }) => id);
const command = args[0] === "drill" ? ({ kind: "drill" } as const) : readCommand(args, ids);
switch (command.kind) {
  case "drill":
    process.exitCode = await drillCommand(args.slice(1));
    break;
  case "help":
    console.log(HELP);
    break;
  case "misuse":
    console.error(`bench: ${command.message}`);
    process.exitCode = 2;
    break;
  case "run":
    await run(command);
    break;
  case "compare":
    process.exitCode = await compareCommand(command);
}

async function run(command: Extract<Command, { kind: "run" }>): Promise<void> {
  const { mode, cellIds } = command;
  const startedAt = new Date().toISOString();
  const machine = describeMachine();
  console.log(formatHeading({ startedAt, mode, machine }));
  const cells: CellReport[] = [];
  for (const cell of CELLS.filter(({ id }) => cellIds.includes(id))) {
    const report = await runCell(cell, mode, launchIn(import.meta.dirname));
    cells.push(report);
    console.log(`\n${formatCell(report)}`);
  }
  const speeds = firstScreen(VENDORS, cells);
  if (speeds.length > 0) console.log(`\nFirst screen of the README\n  ${speeds.join("\n  ")}`);
  const report: Report = { startedAt, mode, machine, cells };
  const file = writeReport(report, command.jsonFile);
  console.log(`\nreport: ${file}`);
  if (cells.some(({ state }) => state === "aborted")) process.exitCode = 1;
}
