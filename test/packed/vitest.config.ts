import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Set by pnpm's start script of vitest, it would let packages find libraries that they do not require.
delete process.env["NODE_PATH"];

/** The tests of the published packages, which are packed, installed with npm, and used like in applications. */
export default defineConfig({
  test: {
    name: "packed",
    include: ["test/packed/*.test.ts"],
    globalSetup: ["scripts/redis.mjs", "test/packed/install.global.ts"],
    // By default, vitest reserves a core for itself, which is half of a machine with two.
    maxWorkers: availableParallelism(),
    // The tests run npm, bundlers and type checkers.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
