// A reporter of vitest: what each project spent beside its budget.
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { machineSlowness } from "./machine-speed.mjs";
import { budgetsOf, formatSpent } from "./test-budget.mjs";
import { projectOfFile, readTestProjects } from "./test-projects.mjs";

const root = join(import.meta.dirname, "..");

export default class SpentReporter {
  onInit() {
    this.projects = readTestProjects(root);
    this.budgets = budgetsOf(root);
    this.startedAtMs = performance.now();
    this.slownessAtStart = machineSlowness();
  }

  onTestRunEnd(modules) {
    // On a faster machine a budget is what it says.
    const slowness = Math.max(1, (this.slownessAtStart + machineSlowness()) / 2);
    const files = modules.flatMap((module) => {
      const { processorSeconds } = module.meta();
      // A file that could not be loaded, or of which no test was selected, has none.
      if (processorSeconds === undefined) return [];
      const file = relative(root, module.moduleId);
      const project = projectOfFile(this.projects, file);
      return { project, file, seconds: processorSeconds / slowness };
    });
    if (files.length === 0) return;
    const { user, system } = process.cpuUsage();
    const elapsed = (performance.now() - this.startedAtMs) / 1000;
    console.log(formatSpent(this.budgets, files, process.platform === "linux"));
    console.log(
      `vitest itself: ${((user + system) / 1e6).toFixed(1)} s of processor time; elapsed: ${elapsed.toFixed(0)} s\n`,
    );
    if (slowness > 1) {
      const times = slowness.toFixed(2);
      console.log(
        `This machine takes ${times} times as long as that of the budgets; the table has the seconds of that one.\n`,
      );
    }
    const report = process.env.SORTITION_SPENT_REPORT;
    if (report !== undefined) writeFileSync(report, JSON.stringify(files));
  }
}
