// Reads the report of vitest's `json` reporter.
import { readFileSync } from "node:fs";

/**
 * A test that ran, or a file (without a name) that could not be loaded or set up.
 *
 * @typedef {object} Entry
 * @property {string} file
 * @property {string} [name] - as vitest matches it, with spaces at its ends
 * @property {boolean} hasFailed
 * @property {string} reason - the first lines of the first failure, if the report has it
 */

/**
 * @param {string} path
 * @returns {{ passed: number, skipped: number, ran: readonly Entry[], broken: readonly string[] }} `broken`: files whose process
 * ended before their tests did. Vitest reports that they passed, and counts tests without a result as skipped.
 */
export function readReport(path) {
  const { numPassedTests, testResults } = JSON.parse(readFileSync(path, "utf8"));
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: numPassedTests,
    skipped: all.filter(({ status }) => status === "skipped" || status === "todo").length,
    ran: testResults.flatMap(ranIn),
    broken: testResults.filter(isBroken).map(({ name }) => name),
  };
}

function isBroken({ status, assertionResults }) {
  if (assertionResults.length === 0) return status === "passed";
  return assertionResults.some(({ status }) => status === "pending");
}

/** @returns {readonly Entry[]} */
function ranIn({ name: file, status, message, assertionResults }) {
  const tests = assertionResults
    .filter(({ status }) => status === "passed" || status === "failed")
    .map(({ fullName, status, failureMessages: [reason = ""] }) => {
      const hasFailed = status === "failed";
      return { file, name: fullName, hasFailed, reason: shorten(reason) };
    });
  if (status !== "failed" || tests.some(({ hasFailed }) => hasFailed)) return tests;
  return [...tests, { file, hasFailed: true, reason: shorten(message) }];
}

/** Returns the first lines. */
function shorten(reason) {
  return reason.split("\n", 5).join("\n  ");
}
