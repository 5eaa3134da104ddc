import { defineProject, mergeConfig } from "vitest/config";
import { project } from "../../test/project.ts";

const isLongRun = process.env["SORTITION_LONG"] === "1";

// The fault plan runs several fleets of processes at a time, which mostly wait. More of them make each other late.
export default mergeConfig(
  project("redis", { redis: true }),
  defineProject({
    test: {
      maxConcurrency: 5,
      testTimeout: isLongRun ? 240_000 : 120_000,
    },
  }),
);
