import { defineProject, mergeConfig } from "vitest/config";
import { project } from "../../vitest.base.ts";

const isLongRun = process.env["SORTITION_LONG"] === "1";

// The fault plan runs many fleets of processes at a time, which mostly wait.
export default mergeConfig(
  project("redis", { redis: true }),
  defineProject({
    test: {
      maxConcurrency: 8,
      testTimeout: isLongRun ? 240_000 : 120_000,
    },
  }),
);
