import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { messageOf } from "@sortition/core/dialect-internal";
import { CELLS } from "./cells/catalogue.js";
import type { Cell, Effort, Participant } from "./cells/cell.js";
import { sideOf } from "./cells/side.js";
import { findContradiction } from "./check.js";
import { describeMachine } from "./machine.js";
import type { Command } from "./options.js";
import { launchIn } from "./process/launch.js";
import type { Report } from "./report.js";
import { writeReport } from "./report-file.js";
import { type Contestant, type Launch, shareOf } from "./run-cell.js";
import { formatHeading, formatRows } from "./table.js";
import { formatFigure } from "./unit.js";

/** Pairs of processes, one of each build. Several are needed because chance, such as memory layout, affects a whole process. */
const PAIRS = 5;
/** Turns of each process of a pair. */
const TURNS = 10;
/** Smaller differences also occur between two runs of the same build. */
const VISIBLE = 0.05;

/** Figures of one operation in both builds for one participant of a cell, or the reason why there are none. */
export type Comparison = { readonly participant: string } & (
  | { readonly ours: number; readonly theirs: number; readonly ratio: number }
  | { readonly reason: string }
);

/** A comparison of builds, in the format of its file. */
export interface ComparisonReport extends Omit<Report, "cells"> {
  /** Folder of the other checkout. */
  readonly against: string;
  readonly cells: readonly (Pick<Cell, "id" | "title" | "unit"> & {
    readonly participants: readonly Comparison[];
  })[];
}

/**
 * Measures our packages in this build and in another checkout's, each with its own bench, and prints the ratios of the minima.
 * Returns the exit code.
 */
export async function compareCommand({
  against,
  cellIds,
  jsonFile,
  mode,
}: Extract<Command, { kind: "compare" }>): Promise<0 | 2> {
  const home = import.meta.dirname;
  const folder = resolve(against);
  const other = join(folder, "apps/bench/dist");
  if (!existsSync(join(other, "worker.js"))) {
    console.error(`bench: --against: ${folder} has no build: run \`npm run build\` in it`);
    return 2;
  }
  const startedAt = new Date().toISOString();
  const machine = describeMachine();
  console.log(formatHeading({ startedAt, mode, machine }));
  const cells: ComparisonReport["cells"][number][] = [];
  for (const cell of CELLS.filter(({ id }) => cellIds.includes(id))) {
    const { id, title, unit } = cell;
    const participants: Comparison[] = [];
    for (const participant of cell.participants.filter(({ name }) => sideOf(name) === "ours")) {
      const effort = shareOf(cell.effort[mode], participant.share ?? 1);
      const launches = [launchIn(home), launchIn(other)] as const;
      participants.push(await compare(cell, participant, effort, launches));
    }
    cells.push({ id, title, unit, participants });
    console.log(`\n${formatCompared(cell, participants)}`);
  }
  const report: ComparisonReport = { startedAt, mode, machine, against: folder, cells };
  const file = writeReport(report, jsonFile);
  const least = `${VISIBLE * 100}%`;
  console.log(`\nDifferences below ${least} cannot be seen: two runs of one build differ as much.`);
  console.log(`report: ${file}`);
  return 0;
}

/** Lets a participant of both builds take turns, and returns the fastest turn of each. Never rejects. */
export async function compare(
  cell: Cell,
  participant: Participant,
  effort: Effort,
  launches: readonly [ours: Launch, theirs: Launch],
): Promise<Comparison> {
  const { name } = participant;
  // Constant figures need only one turn.
  const [pairs, turns] = effort.rounds === 1 ? [1, 1] : [PAIRS, TURNS];
  const fastest = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  try {
    for (let pair = 0; pair < pairs; pair++) {
      const ready: Contestant[] = [];
      try {
        for (const launch of launches) ready.push(await launch(cell, participant));
        const answers = new Map(ready.map(({ answers }, i) => [`build ${i + 1}`, answers]));
        const contradiction = findContradiction(answers);
        if (contradiction !== null) throw new Error(contradiction);
        for (const { warmUp } of ready) await warmUp(effort);
        for (let turn = 0; turn < turns; turn++) {
          for (const [i, { round }] of ready.entries()) {
            fastest[i] = Math.min(fastest[i] ?? 0, (await round(effort)).figure);
          }
        }
      } finally {
        for (const { end } of ready) end();
      }
    }
  } catch (cause) {
    return { participant: name, reason: messageOf(cause).split("\n")[0] ?? "" };
  }
  const [ours = 0, theirs = 0] = fastest;
  return { participant: name, ours, theirs, ratio: ours === theirs ? 1 : ours / theirs };
}

/** Formats a cell as a table with a line per participant. */
export function formatCompared(
  { id, title, unit }: Pick<Cell, "id" | "title" | "unit">,
  participants: readonly Comparison[],
): string {
  const rows = participants.flatMap((it) => {
    if ("reason" in it) return [];
    const { ours, participant, ratio, theirs } = it;
    const word = ratio > 1 + VISIBLE ? "slower" : ratio < 1 - VISIBLE ? "faster" : "";
    const figures = [ours, theirs].map((figure) => formatFigure(figure, unit));
    return [[participant, ...figures, `${ratio.toFixed(2)} ×`, word]];
  });
  const head = ["", "this build", "the other", "ratio", ""];
  return [
    `${id}: ${title}`,
    ...(rows.length === 0 ? [] : formatRows([head, ...rows])),
    ...participants.flatMap((it) =>
      "reason" in it ? [`  not compared: ${it.participant}: ${it.reason}`] : [],
    ),
  ].join("\n");
}
