import { defineConfig } from "vitest/config";

/** The test of the built site in a browser. It is no part of `npm test`. */
export default defineConfig({
  test: {
    name: "site",
    root: import.meta.dirname,
    include: ["test/*.test.ts"],
    globalSetup: ["chromium.mjs"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
