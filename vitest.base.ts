import { defineProject, type UserWorkspaceConfig } from "vitest/config";

/** Long tests (a million lines, memory limits) take minutes: `npm run test:long` runs them, and them alone. */
const isLongRun = process.env["SORTITION_LONG"] === "1";

/** The vitest project of one package: unit tests beside their sources, the rest in `test/`. */
export function project(name: string): UserWorkspaceConfig {
  return defineProject({
    test: {
      name,
      include: isLongRun ? ["{src,test}/**/*.long.test.ts"] : ["{src,test}/**/!(*.long).test.ts"],
      testTimeout: isLongRun ? 600_000 : 20_000,
    },
  });
}
