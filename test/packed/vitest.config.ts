import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** The tests of published packages: packed, installed by npm, and used as applications use them. */
export default defineConfig({
  test: {
    name: "packed",
    include: ["test/packed/*.test.ts"],
    globalSetup: ["test/packed/install.global.ts"],
    // Vitest leaves one core to itself, which is half of two: the file of the types takes half of the time alone.
    maxWorkers: availableParallelism(),
    // npm, bundlers and type checkers run in them.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
