// Runs before each file of tests.
import { readFileSync } from "node:fs";
import { afterAll, vi } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** Processor time of a file, including the processes that it started and that have ended, ms. */
    processorMs?: number;
  }
}

// Test files of one project share processes, which is faster than starting one for each file. Each file evaluates its own
// copy of the sources, so that it does not see the state or the mocks of another file. Libraries and the builds of other
// packages are evaluated once per process.
vi.resetModules();

// The default of Node, as users have it. Vitest sets 100, which takes long where tests throw thousands of errors.
Error.stackTraceLimit = 10;

const { waitFor } = vi;

// The default limit of one second is too short for child processes on a busy machine.
vi.waitFor = (callback, options = {}) =>
  waitFor(callback, typeof options === "number" ? options : { timeout: 100_000, ...options });

// The next file of the process must start with real time.
afterAll(() => void vi.useRealTimers());

const startedMs = processorMs();
// biome-ignore lint/correctness/noEmptyPattern: vitest reads the pattern
afterAll(({}, { file }) => {
  file.meta.processorMs = processorMs() - startedMs;
});

/** Processor time of this process and of its children that have ended, ms. */
function processorMs(): number {
  const { system, user } = process.cpuUsage();
  return (system + user) / 1_000 + endedChildrenMs();
}

/** Only Linux tells. */
function endedChildrenMs(): number {
  if (process.platform !== "linux") return 0;
  // In hundredths of a second, after the name of the program in parentheses.
  const [, fields = ""] = readFileSync("/proc/self/stat", "latin1").split(") ");
  const [user, system] = fields.split(" ").slice(13, 15);
  return 10 * (Number(user) + Number(system));
}
