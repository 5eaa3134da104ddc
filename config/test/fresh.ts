import { vi } from "vitest";

// Files of one project share processes, which saves the start of one for each file. They share no module: each file
// evaluates its imports anew, so that none sees the state, or the mocks, of another.
vi.resetModules();
