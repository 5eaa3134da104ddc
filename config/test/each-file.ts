// Runs before each file of tests.
import { readFileSync } from "node:fs";
import { afterAll, vi } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** Processor seconds that a file of tests spent, with those of its child processes that have ended. */
    processorSeconds?: number;
  }
}

// Files of one project share processes, which saves the start of one for each file. They share no source: each file
// evaluates those that it imports anew, so that none sees the state, or the mocks, of another. Libraries, and the builds of other
// packages, are evaluated once per process.
vi.resetModules();

const { waitFor } = vi;

// Its own limit, one second, is too short for child processes on a busy machine.
vi.waitFor = (callback, options = 20_000) => waitFor(callback, options);

/** Linux reports times of processes in hundredths of a second, whatever its kernel counts in. */
const TICKS_PER_SECOND = 100;

/** What the files before this one in the same process have spent; a process begins at 0. */
const spent = globalThis as { processorSecondsSpent?: number };

// Hooks of set-up files run last: what a file's own hooks spend belongs to it.
// biome-ignore lint/correctness/noEmptyPattern: from this pattern vitest reads which fixtures the hook needs.
afterAll(({}, file) => {
  const now = processorSeconds();
  file.meta.processorSeconds = now - (spent.processorSecondsSpent ?? 0);
  spent.processorSecondsSpent = now;
});

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + childrenSeconds();
}

/** Processor time of ended child processes. Only Linux tells it. */
function childrenSeconds(): number {
  if (process.platform !== "linux") return 0;
  // The second field, the name of the program in parentheses, may contain blanks.
  const [, fields = ""] = readFileSync("/proc/self/stat", "utf8").split(/\) (?!.*\) )/);
  // Fields 16 and 17 of the line are `cutime` and `cstime`; the first of these is the third.
  const [user, system] = fields.split(" ").slice(13, 15).map(Number);
  return ((user ?? 0) + (system ?? 0)) / TICKS_PER_SECOND;
}
