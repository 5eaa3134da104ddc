import { join, relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { budgetsOf } from "../../scripts/test-budget.mjs";

const root = join(import.meta.dirname, "../..");

/**
 * Files that take longer than this start first, each in a process of its own. That costs half a second of processor time, for its
 * start and for what its project imports, so shorter ones follow each other.
 */
const LONG_S = 8;

/** A file of tests, and how long it took or is expected to take. */
interface TimedFile {
  readonly project: string;
  readonly elapsedSeconds: number;
}

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

/**
 * Orders files so that all cores are used to the end: the longest first, the short ones last. Short ones are in blocks by
 * project, since files of one project that follow each other share a process.
 */
export function orderFiles<File extends TimedFile>(files: readonly File[]): readonly File[] {
  const longestFirst = [...files].sort((a, b) => b.elapsedSeconds - a.elapsedSeconds);
  const long: File[] = [];
  const blocks = new Map<string, File[]>();
  for (const file of longestFirst) {
    if (file.elapsedSeconds > LONG_S) long.push(file);
    else blocks.set(file.project, [...(blocks.get(file.project) ?? []), file]);
  }
  return [...long, ...[...blocks.values()].flat()];
}

/** An equal share of its project's budget for each of its files. */
function expectedSeconds(projects: readonly string[]): (project: string) => number {
  const budgets = budgetsOf(root);
  return (project) =>
    (budgets[project] ?? 0) / projects.filter((other) => other === project).length;
}
