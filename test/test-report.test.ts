import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readReport } from "../scripts/test-report.mjs";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sortition-report-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads a report of one file with this status and tests with these statuses. */
function read(file: { status: string; message?: string }, ...statuses: readonly string[]) {
  const assertionResults = statuses.map((status, i) => {
    return { fullName: `test ${i}: `, status, failureMessages: status === "failed" ? ["no"] : [] };
  });
  const path = join(folder, "report.json");
  const numPassedTests = statuses.filter((status) => status === "passed").length;
  const testResults = [{ name: "/a.test.ts", message: "", ...file, assertionResults }];
  writeFileSync(path, JSON.stringify({ numPassedTests, testResults }));
  return readReport(path);
}

describe("readReport", () => {
  it("returns the tests that passed, failed and were skipped", () => {
    expect(read({ status: "failed" }, "passed", "failed", "skipped", "todo")).toEqual({
      passed: 1,
      skipped: 2,
      ran: [
        { file: "/a.test.ts", name: "test 0: ", hasFailed: false, reason: "" },
        { file: "/a.test.ts", name: "test 1: ", hasFailed: true, reason: "no" },
      ],
      broken: [],
    });
  });

  it.each([
    { statuses: [], because: "it cannot be loaded" },
    { statuses: ["skipped"], because: "its set-up fails" },
  ])("reports a file that failed without a failed test, because $because", ({ statuses }) => {
    const { broken, ran } = read({ status: "failed", message: "why" }, ...statuses);
    expect(ran).toEqual([{ file: "/a.test.ts", hasFailed: true, reason: "why" }]);
    expect(broken).toEqual([]);
  });

  it.each([
    { status: "passed", statuses: [], because: "it has no test yet" },
    { status: "passed", statuses: ["passed", "pending"], because: "a test has no result" },
    { status: "failed", statuses: ["failed", "pending"], because: "a test has no result" },
  ])("reports a $status file whose process ended, because $because", ({ status, statuses }) => {
    const { broken, skipped } = read({ status }, ...statuses);
    expect(broken).toEqual(["/a.test.ts"]);
    expect(skipped).toBe(0);
  });

  it("finds nothing wrong if no test was selected", () => {
    expect(read({ status: "passed" }, "skipped", "skipped")).toMatchObject({ ran: [], broken: [] });
  });
});
