// Runs all checks that a change must pass, and ends with the line "N passed, N failed, N skipped". A check counts as one, a
// test run counts with its number of tests. A failed step does not stop later ones, and a failed test gets a second attempt.
// What failed, and what passed at the second attempt, is named before the last line.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { missingRows } from "./conformance.mjs";
import { readReport } from "./test-report.mjs";

/** The steps, as users would type them. */
const STEPS = [
  "npm run setup",
  "npm run lint",
  "npm run typecheck",
  "npm run knip",
  "npm run docs",
  "npm run sizes",
  "npm run pack:check",
  "npm run pack:smoke",
  "npm test",
  "npm run demo",
  "npm run demo -- --workers 8",
  "npm run demo -- --relay",
  "npm run examples",
  "npm run docs:site -- --test",
  "npm run test:long",
];

/** Matches steps whose last command is vitest, which accepts more arguments and writes a report. */
const WITH_REPORT = /pack:smoke|test/;

/** Time limit of all steps together, after which unfinished steps fail. */
const LIMIT_MINUTES = Number(process.env.SORTITION_CI_MINUTES ?? 88);

const root = join(import.meta.dirname, "..");
const report = join(root, ".tools/report.json");
const startedAtMs = Date.now();

/** Runs a step. Returns its counts, the failures, and the tests that passed at the second attempt. */
function runStep(step) {
  console.log(`\n=== ${step}`);
  const atMs = Date.now();
  const result = WITH_REPORT.test(step) ? runTests(step) : runCheck(step);
  const minutes = (Date.now() - atMs) / 60_000;
  const failed = result.failures.length;
  console.log(`=== ${step}: ${failed === 0 ? "ok" : "FAILED"}, ${minutes.toFixed(1)} min`);
  return { step, minutes, failed, ...result };
}

/** Runs an npm command. Returns whether it succeeded. */
function succeeds(command, more = []) {
  const [file, ...args] = command.split(" ");
  const added = more.length > 0 && !args.includes("--") ? ["--", ...more] : more;
  const { status } = spawnSync(file, [...args, ...added], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    // In CI, a missing redis-server must fail instead of skipping tests.
    env: { ...process.env, REQUIRE_REDIS: "1" },
    timeout: Math.max(1, startedAtMs + LIMIT_MINUTES * 60_000 - Date.now()),
  });
  return status === 0;
}

function runCheck(step) {
  if (succeeds(step)) return { passed: 1, skipped: 0, retried: [], failures: [] };
  return { passed: 0, skipped: 0, retried: [], failures: [{ name: step, reason: "see above" }] };
}

/** Runs tests. Vitest runs a test that failed a second time. */
function runTests(step) {
  rmSync(report, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const hasSucceeded = succeeds(step, ["--retry=1", ...reporters]);
  const { broken, passed, ran, skipped } = existsSync(report) ? readReport(report) : NOTHING;
  const failures = [
    ...ran.filter(({ hasFailed }) => hasFailed).map(named),
    ...broken.map((file) => {
      return { name: relative(root, file), reason: "its process ended before its tests" };
    }),
  ];
  if (!hasSucceeded && failures.length === 0) {
    failures.push({ name: step, reason: "failed outside of a test, see above" });
  }
  if (step === "npm test" && failures.length === 0) failures.push(...checkConformance());
  const retried = ran.filter(({ hasFailed, reason }) => !hasFailed && reason !== "").map(named);
  return { passed, skipped, retried, failures };
}

const NOTHING = { broken: [], passed: 0, ran: [], skipped: 0 };

/** Compares the page about conformance with the report of all tests. Returns the rows of the run that it lacks. */
function checkConformance() {
  const written = readFileSync(join(root, "docs/conformance.md"), "utf8");
  const rows = missingRows(written, JSON.parse(readFileSync(report, "utf8")));
  return rows.map((row) => ({ name: "docs/conformance.md", reason: `lacks the row ${row}` }));
}

function named({ file, name = "", reason }) {
  return { name: `${relative(root, file)} ${name}`.trim(), reason };
}

mkdirSync(join(root, ".tools"), { recursive: true });
const results = STEPS.map(runStep);
console.log("");
for (const { step, minutes, passed, failed, skipped } of results) {
  const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  console.log(`${minutes.toFixed(1).padStart(6)} min  ${counts}  ${step}`);
}
for (const { step, retried } of results) {
  for (const { name, reason } of retried) {
    console.log(`${step}: passed at the second attempt: ${name}\n  ${reason}`);
  }
}
for (const { step, failures } of results) {
  for (const { name, reason } of failures) {
    console.log(`${step}: FAILED: ${name}\n  ${reason.split("\n", 1)[0]}`);
  }
}
const sum = (field) => results.reduce((total, result) => total + result[field], 0);
console.log(`${sum("minutes").toFixed(0)} minutes in total`);
console.log(`${results.flatMap(({ retried }) => retried).length} needed a second attempt`);
console.log(`${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
process.exitCode = sum("failed") === 0 ? 0 : 1;
