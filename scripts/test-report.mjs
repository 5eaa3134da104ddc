// Reads the report of a test run, as vitest's reporter `json` writes it.
import { readFileSync } from "node:fs";

/**
 * What failed, or ran: a test, or a whole file (without a name) that could not be loaded or set up.
 *
 * @typedef {object} Entry
 * @property {string} file
 * @property {string} [name]
 * @property {boolean} hasFailed
 * @property {string} reason - the first lines of the first failure, if the report has it
 */

/**
 * @param {string} path
 * @returns {{ passed: number, skipped: number, ran: readonly Entry[] }}
 */
export function readReport(path) {
  const report = JSON.parse(readFileSync(path, "utf8"));
  return {
    passed: report.numPassedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    ran: report.testResults.flatMap(entriesOf),
  };
}

/** @returns {readonly Entry[]} */
function entriesOf({ name: file, status, message, assertionResults }) {
  const tests = assertionResults
    .filter(({ status }) => status === "passed" || status === "failed")
    .map(({ fullName, status, failureMessages: [reason = ""] }) => {
      return {
        file,
        name: fullName.trim(),
        hasFailed: status === "failed",
        reason: shorten(reason),
      };
    });
  if (status !== "failed" || tests.some(({ hasFailed }) => hasFailed)) return tests;
  return [...tests, { file, hasFailed: true, reason: shorten(message) }];
}

function shorten(reason) {
  return reason.split("\n", 5).join("\n  ");
}
