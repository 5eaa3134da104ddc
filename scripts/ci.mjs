// Runs every check that a change must pass. A failed step does not stop the later ones. The last line is the
// sum: each check counts as one, each test run as the numbers of its report. A failed test is tried once more; if it
// passes then, it is named before the sum.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const reports = join(root, ".tools", "reports");

const steps = [
  { task: "setup" },
  { task: "lint" },
  { task: "typecheck" },
  { task: "knip" },
  { task: "docs" },
  { task: "sizes", args: ["--check"] },
  { task: "pack:check" },
  { task: "pack:smoke", hasReport: true },
  { task: "test", hasReport: true },
  { task: "demo" },
  { task: "demo", args: ["--workers", "8"] },
  { task: "demo", args: ["--dialect", "growthbook"] },
  { task: "demo", args: ["--dialect", "amplitude"] },
  { task: "demo", args: ["--dialect", "posthog"] },
  { task: "examples" },
  { task: "docs:site", args: ["--test"], hasReport: true },
  { task: "test:long", hasReport: true },
];

/** Runs one step and returns its counts. */
function runStep({ task, args = [], hasReport = false }) {
  console.log(`\n=== ${task}`);
  const report = join(reports, `${task.replaceAll(":", "-")}.json`);
  const testArgs = [
    "--retry=1",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  const startedAtMs = Date.now();
  const { status } = spawnSync(
    process.execPath,
    [join(root, "scripts/bootstrap.mjs"), task, ...args, ...(hasReport ? testArgs : [])],
    {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      // Here tests must not be skipped because a redis-server is missing.
      env: { ...process.env, REQUIRE_REDIS: "1" },
    },
  );
  const hasSucceeded = status === 0;
  const seconds = (Date.now() - startedAtMs) / 1000;
  console.log(
    `=== ${task}: ${hasSucceeded ? "ok" : `FAILED (${status})`}, ${seconds.toFixed(1)} s`,
  );
  const counts = hasReport ? countTests(report, hasSucceeded) : countCheck(hasSucceeded);
  return { task, seconds, ...counts };
}

function countCheck(hasSucceeded) {
  return { passed: hasSucceeded ? 1 : 0, failed: hasSucceeded ? 0 : 1, skipped: 0, retried: [] };
}

/** Counts the tests of vitest's report. A run that failed without a failed test (no build, no start) counts as one failure. */
function countTests(report, hasSucceeded) {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, retried: [] };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  const unloadable = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  const failed = numFailedTests + unloadable.length;
  return {
    passed: numPassedTests,
    failed: failed === 0 && !hasSucceeded ? 1 : failed,
    skipped: numPendingTests + numTodoTests,
    retried: testResults.flatMap(({ assertionResults }) => assertionResults.filter(isRetried)),
  };
}

/** Whether a test failed first, and passed when it was tried again. */
function isRetried({ status, failureMessages }) {
  return status === "passed" && failureMessages.length > 0;
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
for (const { task, retried } of results) {
  for (const { fullName, failureMessages } of retried) {
    const reason = failureMessages[0].split("\n", 5).join("\n  ");
    console.log(`${task}: passed at the second try: ${fullName}\n  ${reason}`);
  }
}
const sum = (field) => results.reduce((total, result) => total + result[field], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
process.exitCode = sum("failed") === 0 ? 0 : 1;
