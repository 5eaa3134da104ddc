// Runs before each file of tests.
import { afterAll, vi } from "vitest";

// Files of one project share processes, which saves the start of one for each file. They share no source: each file
// evaluates the sources that it imports anew, so that no file sees the state, or the mocks, of another. Libraries, and the
// builds of other packages, are evaluated once per process.
vi.resetModules();

const { waitFor } = vi;

// Its own limit, one second, is too short for child processes on a busy machine.
vi.waitFor = (callback, options = 20_000) => waitFor(callback, options);

// The next file of the process starts with real time, whatever a situation of this one faked.
afterAll(() => void vi.useRealTimers());
