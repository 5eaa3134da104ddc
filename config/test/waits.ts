import { vi } from "vitest";

const { waitFor } = vi;

// Its own limit, one second, is too short for child processes on a busy machine.
vi.waitFor = (callback, options = 20_000) => waitFor(callback, options);
