import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

/** Number of files that are printed, and of files that a run must have. */
const [PRINTED, ANY] = [10, 50];

/** Prints the test files that cost the most processor time. No file fails because of its time. */
export const dearestFiles: Reporter = {
  onTestRunEnd(modules) {
    if (modules.length < ANY) return;
    const files = modules.map((it) => ({ path: pathOf(it), ms: it.meta().processorMs ?? 0 }));
    const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
    const lines = files
      .sort((a, b) => b.ms - a.ms)
      .slice(0, PRINTED)
      .map(({ ms, path }) => `${seconds(ms).padStart(8)}  ${path}\n`);
    const sum = seconds(files.reduce((total, { ms }) => total + ms, 0));
    process.stdout.write(`Processor time: ${sum}, of which the dearest files\n${lines.join("")}`);
  },
};

function pathOf({ moduleId, project }: TestModule): string {
  return relative(project.vitest.config.root, moduleId);
}
