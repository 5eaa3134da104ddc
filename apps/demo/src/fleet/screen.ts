import type { FleetWorker } from "./fleet.js";

/** The demo's output: permanent lines, and on a terminal a live table of the fleet. */
export interface Screen {
  /** Prints a permanent line. */
  print(line: string): void;
  /** Shows the workers. */
  show(workers: readonly FleetWorker[]): void;
}

const REDRAW_EVERY_MS = 100;
const PLAIN_EVERY_MS = 500;
const CLEAR_BELOW = "\u001b[0J";

/** Creates the output. A terminal's table is redrawn in place; otherwise a line is printed whenever roles or releases change. */
export function createScreen(output: NodeJS.WriteStream): Screen {
  return output.isTTY ? createLiveScreen(output) : createPlainScreen(output);
}

function createLiveScreen(output: NodeJS.WriteStream): Screen {
  let height = 0;
  let drawnAtMs = 0;
  let table: readonly string[] = [];
  const draw = (lines: readonly string[]): void => {
    const up = height === 0 ? "" : `\u001b[${height}A`;
    output.write(`${up}${CLEAR_BELOW}${lines.map((line) => `${line}\n`).join("")}`);
  };
  return {
    print(line) {
      draw([line, ...table]);
      height = table.length;
    },
    show(workers) {
      const nowMs = performance.now();
      if (nowMs - drawnAtMs < REDRAW_EVERY_MS) return;
      drawnAtMs = nowMs;
      table = tableOf(workers);
      draw(table);
      height = table.length;
    },
  };
}

function createPlainScreen(output: NodeJS.WriteStream): Screen {
  let shown = "";
  let shownAtMs = 0;
  let latest = "";
  const flush = (): void => {
    if (latest !== shown) output.write(`   ${latest}\n`);
    shown = latest;
    shownAtMs = performance.now();
  };
  return {
    print(line) {
      flush();
      output.write(`${line}\n`);
    },
    show(workers) {
      latest = summaryOf(workers);
      if (performance.now() - shownAtMs >= PLAIN_EVERY_MS) flush();
    },
  };
}

/** Returns a summary such as `leader: worker 3, 7 × follower, release 2`. */
export function summaryOf(workers: readonly FleetWorker[]): string {
  const reports = workers.flatMap(({ isRunning, last, name }) =>
    isRunning && last !== null ? [{ name, ...last }] : [],
  );
  const leaders = reports.filter(({ role }) => role === "leader").map(({ name }) => name);
  const others = countsOf(reports.map(({ role }) => role).filter((role) => role !== "leader"));
  const releases = countsOf(reports.map(({ release }) => `release ${release}`));
  return [`leader: ${leaders.join(" and ") || "none"}`, ...others, ...releases].join(", ");
}

function countsOf(values: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const value of [...values].sort()) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, n]) => `${n} × ${value}`);
}

function tableOf(workers: readonly FleetWorker[]): readonly string[] {
  const head = row("worker", "role", "revision", "age", "release", "requests");
  return [
    head,
    ...workers.map(({ isRunning, last, name }) => {
      if (!isRunning) return row(name, "killed", "", "", "", String(last?.requests ?? ""));
      if (last === null) return row(name, "starting", "", "", "", "");
      const age = last.ageMs === null ? "" : `${(last.ageMs / 1_000).toFixed(1)} s`;
      const { release, requests, revision, role } = last;
      return row(
        name,
        role,
        revision === null ? "its own" : `${revision}`,
        age,
        `${release}`,
        `${requests}`,
      );
    }),
  ];
}

const WIDTHS: readonly number[] = [10, 10, 15, 8, 9, 8];

function row(...cells: readonly string[]): string {
  return `   ${cells.map((cell, i) => cell.padEnd(WIDTHS[i] ?? 0)).join(" ")}`.trimEnd();
}
