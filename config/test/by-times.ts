import { join, relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { readBudgets } from "../../scripts/test-budget.mjs";
import { orderFiles } from "../../scripts/test-order.mjs";
import { readTestProjects } from "../../scripts/test-projects.mjs";

const root = join(import.meta.dirname, "../..");

/** Orders files by what they took in the last run that contained them, else by the budget of their project. */
export class ByTimes extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const expected = expectedSeconds(specifications.map(({ project }) => project.name));
    const files = specifications.map((specification) => {
      const { moduleId, project } = specification;
      const path = relative(root, moduleId).replaceAll("\\", "/");
      // Vitest keeps them in `node_modules/.vite`.
      const known = this.ctx.cache.getFileTestResults(`${project.name}:${path}`);
      const elapsedSeconds = known ? known.duration / 1_000 : expected(project.name);
      return { specification, project: project.name, elapsedSeconds };
    });
    return orderFiles(files).map(({ specification }) => specification);
  }
}

/** An equal share of its project's budget for each of its files. */
function expectedSeconds(projects: readonly string[]): (project: string) => number {
  const task = process.env["SORTITION_LONG"] === "1" ? "test:long" : "test";
  const names = readTestProjects(root).map(({ name }) => name);
  const budgets = readBudgets(join(root, "scripts/test-budget.json"), task, names);
  return (project) =>
    (budgets[project] ?? 0) / projects.filter((other) => other === project).length;
}
