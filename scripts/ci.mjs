// Runs every check that a change must pass. A failed step does not stop the later ones. The last line is the
// sum: each check counts as one, each test run as the numbers of its report. What failed is tried again when its step
// is over, a test alone; if it passes then, it is named before the sum. So is a project whose tests spent half more
// processor time than its budget, which is a failure.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { budgetsOf, overspentProjects } from "./test-budget.mjs";
import { readReport } from "./test-report.mjs";

const root = join(import.meta.dirname, "..");
const reports = join(root, ".tools", "reports");

const steps = [
  { task: "setup" },
  { task: "lint" },
  { task: "typecheck" },
  { task: "knip" },
  { task: "docs" },
  { task: "sizes" },
  { task: "pack:check" },
  { task: "pack:smoke", hasReport: true },
  { task: "test", hasReport: true, hasBudget: true },
  { task: "demo" },
  { task: "demo", args: ["--workers", "8"] },
  { task: "demo", args: ["--dialect", "growthbook"] },
  { task: "demo", args: ["--dialect", "growthbook", "--stream"] },
  { task: "demo", args: ["--dialect", "amplitude"] },
  { task: "demo", args: ["--dialect", "posthog"] },
  { task: "examples" },
  { task: "docs:site", args: ["--test"], hasReport: true },
  { task: "test:long", hasReport: true, hasBudget: true },
];

/** Runs one step, what failed in it once more, and returns its counts. */
function runStep({ task, args = [], hasReport = false, hasBudget = false }) {
  console.log(`\n=== ${task}`);
  const startedAtMs = Date.now();
  const result = hasReport ? runTests(task, args) : runCheck(task, args);
  result.overspent = hasBudget ? overspentIn(task) : [];
  result.failed += result.overspent.length;
  const seconds = (Date.now() - startedAtMs) / 1000;
  console.log(
    `=== ${task}: ${result.failed === 0 ? "ok" : `FAILED (${result.failed})`}, ${seconds.toFixed(1)} s`,
  );
  return { task, seconds, ...result };
}

/** Runs a task. Returns whether it succeeded. */
function runTask(task, args, env = {}) {
  const { status } = spawnSync(
    process.execPath,
    [join(root, "scripts/bootstrap.mjs"), task, ...args],
    {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      // Here tests must not be skipped because a redis-server is missing.
      env: { ...process.env, REQUIRE_REDIS: "1", ...env },
    },
  );
  return status === 0;
}

function runCheck(task, args) {
  const passed = { passed: 1, failed: 0, skipped: 0 };
  if (runTask(task, args)) return { ...passed, retried: [] };
  console.log(`=== ${task}: once more`);
  if (!runTask(task, args)) return { passed: 0, failed: 1, skipped: 0, retried: [] };
  return { ...passed, retried: [{ name: [task, ...args].join(" "), reason: "see above" }] };
}

function runTests(task, args) {
  const report = reportOf(task);
  const spent = { SORTITION_SPENT_REPORT: reportOf(task, "-spent") };
  const hasSucceeded = runTask(task, [...args, ...reportTo(report)], spent);
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, retried: [] };
  const { passed, skipped, ran, broken } = readReport(report);
  for (const file of broken) console.log(`=== ${task}: its process ended: ${relative(root, file)}`);
  const failures = ran.filter(({ hasFailed }) => hasFailed);
  if (failures.length === 0) {
    // A run can fail without a failed test: by an error between tests.
    return { passed, failed: hasSucceeded ? 0 : Math.max(1, broken.length), skipped, retried: [] };
  }
  const retried = retryTests(task, args, failures);
  return {
    passed: passed + retried.length,
    failed: failures.length - retried.length + broken.length,
    skipped,
    retried,
  };
}

/** Runs the tests that failed again, one at a time. Returns those that passed. */
function retryTests(task, args, failures) {
  console.log(`=== ${task}: once more what failed (${failures.length}), one at a time`);
  const report = reportOf(task, "-retried");
  const files = new Set(failures.map(({ file }) => relative(root, file)));
  const names = failures.map(({ name }) => name?.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&"));
  // Without a name a whole file has failed, and all its tests run.
  const only = names.includes(undefined) ? [] : [`--testNamePattern=^(${names.join("|")})$`];
  const alone = ["--no-file-parallelism", "--maxConcurrency=1", "--retry=1"];
  runTask(task, [...args, ...reportTo(report), ...alone, ...only, ...files]);
  if (!existsSync(report)) return [];
  const { ran, broken } = readReport(report);
  return failures
    .filter(({ file, name }) => {
      if (broken.includes(file)) return false;
      const again = ran.filter((it) => it.file === file && [it.name, undefined].includes(name));
      return again.length > 0 && again.every(({ hasFailed }) => !hasFailed);
    })
    .map(({ file, name = relative(root, file), reason }) => ({ name, reason }));
}

/** The projects whose tests spent half more than their budgets, in one sentence each. */
function overspentIn(task) {
  const spent = reportOf(task, "-spent");
  if (!existsSync(spent)) return [];
  return overspentProjects(budgetsOf(root, task), JSON.parse(readFileSync(spent, "utf8")));
}

function reportOf(task, suffix = "") {
  return join(reports, `${task.replaceAll(":", "-")}${suffix}.json`);
}

function reportTo(file) {
  return ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
}

// The report of an earlier run must not be counted.
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const results = steps.map(runStep);
console.log("");
for (const { task, seconds, passed, failed, skipped } of results) {
  console.log(
    `${task.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s  ${passed} passed, ${failed} failed, ${skipped} skipped`,
  );
}
for (const { task, retried, overspent } of results) {
  for (const sentence of overspent) console.log(`${task}: over its budget: ${sentence}`);
  for (const { name, reason } of retried) {
    console.log(`${task}: passed when tried again: ${name}\n  ${reason}`);
  }
}
const sum = (field) => results.reduce((total, result) => total + result[field], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
process.exitCode = sum("failed") === 0 ? 0 : 1;
