import { vi } from "vitest";

// Files of one project share processes, which saves the start of one for each file. They share no source: each file
// evaluates those that it imports anew, so that none sees the state, or the mocks, of another. Libraries, and the builds of other
// packages, are evaluated once per process.
vi.resetModules();
