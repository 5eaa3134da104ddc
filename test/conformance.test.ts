import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  digestOf,
  fetchClone,
  layOut,
  missingRows,
  rowsOf,
  type Source,
  writeExtraCases,
} from "../scripts/conformance.mjs";

const folder = mkdtempSync(join(tmpdir(), "sortition-conformance-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SOURCE: Source = {
  name: "toy",
  repository: "owner/toy",
  commit: "",
  licence: "MIT",
  sha256: "",
  files: [
    ["ufc", "toy/ufc"],
    ["deep/cases.json", "toy/cases.json"],
  ],
};

/** A clone that looks like the vendor's repository, with data and a program. */
const clone = join(folder, "clone");
const bare = join(folder, "bare.git");
let commit = "";

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function git(...args: readonly string[]): string {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.invalid"];
  return execFileSync("git", [...identity, ...args], { cwd: clone, encoding: "utf8" }).trim();
}

beforeAll(() => {
  write(join(clone, "ufc/tests/a.json"), "{}");
  write(join(clone, "ufc/program.ts"), "never copied");
  write(join(clone, "deep/cases.json"), "[1]");
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "-m", "data");
  commit = git("rev-parse", "HEAD");
  write(join(clone, "deep/cases.json"), "[2]");
  git("commit", "--quiet", "-am", "newer");
  git("clone", "--quiet", "--bare", ".", bare);
});

describe("the vendors' test data", () => {
  it("is copied from a clone, without programs", () => {
    const data = join(folder, "data");
    layOut(SOURCE, clone, data);
    expect(readFileSync(join(data, "toy/ufc/tests/a.json"), "utf8")).toBe("{}");
    expect(() => readFileSync(join(data, "toy/ufc/program.ts"))).toThrow("ENOENT");
  });

  it("names what is missing in a clone", () => {
    const files: Source["files"] = [["absent", "toy/absent"]];
    expect(() => layOut({ ...SOURCE, files }, clone, join(folder, "data"))).toThrow(
      `there is no ${join(clone, "absent")}`,
    );
  });

  it("is taken from a folder that contains it, and stays in place if that is the data folder", () => {
    const [first, second] = [join(folder, "first"), join(folder, "second")];
    layOut(SOURCE, clone, first);
    layOut(SOURCE, join(first, "toy"), second, first);
    layOut(SOURCE, join(second, "toy"), second, second);
    expect(digestOf(SOURCE, second)).toBe(digestOf(SOURCE, first));
    const files: Source["files"] = [["absent", "toy/absent"]];
    expect(() => layOut({ ...SOURCE, files }, clone, second, first)).toThrow(
      `there is no ${join(clone, "absent")}, and no ${join(first, "toy/absent")}`,
    );
  });

  it("is fetched at the pinned commit from a bare repository", () => {
    const [fetched, data] = [join(folder, "fetched"), join(folder, "pinned")];
    fetchClone({ ...SOURCE, commit }, bare, fetched);
    layOut(SOURCE, fetched, data);
    expect(readFileSync(join(data, "toy/cases.json"), "utf8")).toBe("[1]");
  });

  it("is fetched at the newest commit if the pinned one is missing, and accepted if the hash matches", () => {
    const [fetched, data] = [join(folder, "fetched"), join(folder, "newest")];
    fetchClone({ ...SOURCE, commit: "1".repeat(40) }, bare, fetched);
    layOut(SOURCE, fetched, data);
    expect(readFileSync(join(data, "toy/cases.json"), "utf8")).toBe("[2]");
    expect(digestOf(SOURCE, data)).not.toBe(digestOf(SOURCE, join(folder, "pinned")));
  });

  it("explains in one line why it cannot be fetched", () => {
    const fetched = join(folder, "fetched");
    expect(() => fetchClone({ ...SOURCE, commit }, join(folder, "nowhere"), fetched)).toThrow(
      /^git fetch: [^\n]*$/,
    );
  });

  it("has a hash of names and content unless a file is missing", () => {
    const [a, b] = [join(folder, "a"), join(folder, "b")];
    layOut(SOURCE, clone, a);
    cpSync(a, b, { recursive: true });
    expect(digestOf(SOURCE, b)).toBe(digestOf(SOURCE, a));
    write(join(b, "toy/ufc/tests/b.json"), "{}");
    expect(digestOf(SOURCE, b)).not.toBe(digestOf(SOURCE, a));
    rmSync(join(b, "toy/cases.json"));
    expect(digestOf(SOURCE, b)).toBeNull();
  });

  it("includes the cases that only the Python SDK has as extra cases", () => {
    const data = join(folder, "python");
    write(join(data, "growthbook/cases.json"), '{"evalCondition":[["a",1],["b",2]]}');
    writeExtraCases(data);
    const read = (): string =>
      readFileSync(join(data, "growthbook/cases-python-extra.json"), "utf8");
    expect(JSON.parse(read())).toEqual({ evalCondition: [] });
    write(join(data, "growthbook/cases-python.json"), '{"evalCondition":[["b",2],["c",3]]}');
    expect(writeExtraCases(data)).toBe(1);
    expect(JSON.parse(read())).toEqual({ evalCondition: [["c", 3]] });
    const other = join(folder, "without-python");
    mkdirSync(join(other, "growthbook"), { recursive: true });
    expect(writeExtraCases(other)).toBe(0);
    expect(writeExtraCases(other, data)).toBe(1);
  });
});

describe("the conformance tables", () => {
  const root = process.cwd();
  const test = (suite: string, title: string, status = "passed", meta = {}): object => ({
    ancestorTitles: suite.split(" > "),
    title,
    status,
    meta,
  });

  it("contain the cases of each form, and the comparisons of the differential tests", () => {
    const suite = "Eppo's assignment cases";
    const differential = {
      name: "posthog flags",
      seed: 7,
      calls: 100,
      unexplained: 0,
      named: [["odd key", 3]],
    };
    const { compared, passed } = rowsOf({
      testResults: [
        {
          name: join(root, "packages/core/test/conformance.test.ts"),
          assertionResults: [
            test(`${suite} > plain`, "has 2 cases"),
            test(`${suite} > plain`, "a.json #0 alice"),
            test(`${suite} > plain`, "a.json #1 bob", "failed"),
            test(`${suite} > wire`, "a.json #0 alice"),
          ],
        },
        {
          name: join(root, "packages/posthog/test/differential/differential.test.ts"),
          assertionResults: [test("posthog flags", "give the same", "passed", { differential })],
        },
      ],
    });
    expect(passed).toEqual([
      ["Eppo: assignments, plain", "1 of 2", "yes"],
      ["Eppo: assignments, wire", "1 of 1", ""],
    ]);
    expect(compared).toEqual([
      ["posthog flags", expect.stringMatching(/^`posthog-node` \d/), "100", "7", "odd key: 3", "0"],
    ]);
  });
});

describe("missingRows", () => {
  it("finds a figure of the page that differs from a run of all tests", () => {
    const root = join(import.meta.dirname, "..");
    const differential = { name: "posthog flags", calls: 100, seed: 7, unexplained: 0, named: [] };
    const report = {
      testResults: [
        {
          name: join(root, "packages/posthog/test/differential/differential.test.ts"),
          assertionResults: [{ ancestorTitles: [], title: "a", meta: { differential } }],
        },
        {
          name: join(root, "packages/posthog/test/other.test.ts"),
          assertionResults: [{ ancestorTitles: [], title: "a", meta: { differential } }],
        },
      ],
    };
    const [row = "", ...others] = missingRows("", report);
    expect(row).toMatch(/^\| posthog flags \| `posthog-node` \S+ \| 100 \| 7 \| none \| 0 \|$/);
    expect(others).toEqual([]);
    expect(missingRows(`${row}\n`, report)).toEqual([]);
    expect(missingRows(row.replace("100", "101"), report)).toEqual([row]);
  });
});
