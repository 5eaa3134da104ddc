import { defineConfig } from "vitest/config";

/** Tests that are part of another check: the architecture in `npm run lint`, the README files in `npm run docs`. */
export default defineConfig({
  test: { include: ["test/{architecture,readmes}.test.ts"], testTimeout: 240_000 },
});
