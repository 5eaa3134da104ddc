// Runs before each file of tests.
import { afterAll, vi } from "vitest";

// Test files of one project share processes, which is faster than starting one for each file. Each file evaluates its own
// copy of the sources, so that it does not see the state or the mocks of another file. Libraries and the builds of other
// packages are evaluated once per process.
vi.resetModules();

const { waitFor } = vi;

// The default limit of one second is too short for child processes on a busy machine.
vi.waitFor = (callback, options = {}) =>
  waitFor(callback, typeof options === "number" ? options : { timeout: 100_000, ...options });

// The next file of the process must start with real time.
afterAll(() => void vi.useRealTimers());
