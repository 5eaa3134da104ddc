import { defineProject, type UserWorkspaceConfig } from "vitest/config";

/** Long tests (a million lines, memory limits) take minutes: `npm run test:long` runs them, and them alone. */
const isLongRun = process.env["SORTITION_LONG"] === "1";

/** The vitest project of one package: unit tests beside their sources, the rest in `test/`. */
export function project(name: string): UserWorkspaceConfig {
  return defineProject({
    test: {
      name,
      include: isLongRun ? ["{src,test}/**/*.long.test.ts"] : ["{src,test}/**/!(*.long).test.ts"],
      // These have configurations of their own.
      exclude: ["test/timing/**", "test/packed/**"],
      testTimeout: isLongRun ? 600_000 : 20_000,
    },
  });
}

/**
 * The tests of one package whose subject is wall-clock time, in `test/timing/`. They run after all
 * others and one file at a time, or two busy cores would make them lie.
 */
export function timingProject(name: string): UserWorkspaceConfig {
  return defineProject({
    test: {
      name,
      include: isLongRun ? [] : ["test/timing/*.test.ts"],
      testTimeout: 30_000,
      fileParallelism: false,
      sequence: { groupOrder: 1 },
    },
  });
}
