import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectOfFile, readTestProjects } from "../scripts/test-projects.mjs";

describe("readTestProjects", () => {
  const projects = readTestProjects(join(import.meta.dirname, ".."));

  it("names a project by its folder", () => {
    expect(projects).toContainEqual({
      name: "segment",
      folder: "packages/segment",
      packageName: "@sortition/segment",
    });
    expect(projects).toContainEqual({
      name: "bench",
      folder: "apps/bench",
      packageName: "@sortition/bench",
    });
  });

  it("has the tests of the repository last", () => {
    expect(projects.at(-1)).toEqual({ name: "repository", folder: "", packageName: "//" });
  });
});

describe("projectOfFile", () => {
  const projects = readTestProjects(join(import.meta.dirname, ".."));

  it.each([
    ["packages/redis/test/faults/crowd.quiet.long.test.ts", "redis"],
    ["apps/bench/test/drill.test.ts", "bench"],
    ["test/test-projects.test.ts", "repository"],
  ])("%s spends the budget of %s", (file, project) => {
    expect(projectOfFile(projects, file)).toBe(project);
  });
});
