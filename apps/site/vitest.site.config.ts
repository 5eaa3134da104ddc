import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** The tests of the built site in a browser. They are not part of `npm test`. */
export default defineConfig({
  test: {
    name: "site",
    root: import.meta.dirname,
    include: ["test/*.test.ts"],
    globalSetup: ["chromium.mjs"],
    // Browsers compute in processes of their own.
    maxWorkers: availableParallelism(),
    // Only ends tests that hang: on a slow machine, one of the relay's pages takes a minute.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
