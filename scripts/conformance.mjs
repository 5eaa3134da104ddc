// Runs the tests that compare Sortition with the vendors, and writes what they found into docs/conformance.md:
// the public test data of Eppo and GrowthBook, and the differential tests against the vendors' packages.
//
// The data is looked for in .conformance/, else cloned into it at the pinned commits.
//   --from DIR         takes what is there: clones (DIR/sdk-test-data, DIR/growthbook, DIR/growthbook-python), or data
//                      as in .conformance/data (DIR/eppo/ufc, DIR/growthbook/cases.json, …)
//   --check            fails if docs/conformance.md is not what the run would write, and leaves it as it is
//   --remote URL       clones from URL/<owner>/<name>.git instead of https://github.com
//   --remote NAME=URL  clones one repository from there: eppo, growthbook or growthbook-python
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  DataError,
  digestOf,
  fetchClone,
  layOut,
  SOURCES,
  writeExtraCases,
} from "./conformance-data.mjs";
import { conformancePage, failuresOf, PARTS } from "./conformance-page.mjs";

const root = join(import.meta.dirname, "..");
const folder = join(root, ".conformance");
const data = join(folder, "data");
const page = join(root, "docs/conformance.md");

/** Tests of the vendors' data, and differential tests. */
const TESTS = [
  ...PARTS.map(({ file }) => file),
  "packages/dialect-kit/test/eppo/differential.test.ts",
  "packages/dialect-kit/test/eppo/bandit/differential.test.ts",
  ...["growthbook", "amplitude", "posthog"].map(
    (name) => `packages/${name}/test/differential/differential.test.ts`,
  ),
];

function fail(message) {
  console.error(`conformance: ${message}`);
  process.exit(2);
}

function optionsOf(args) {
  try {
    return parseArgs({
      args,
      options: {
        check: { type: "boolean", default: false },
        from: { type: "string" },
        remote: { type: "string", multiple: true },
      },
    }).values;
  } catch (error) {
    return fail(error.message);
  }
}

/** The address of a repository. */
function urlOf({ name, repository }) {
  const own = remotes.find((remote) => remote.startsWith(`${name}=`));
  if (own !== undefined) return own.slice(name.length + 1);
  const base = remotes.find((remote) => !/^[\w-]+=/.test(remote)) ?? "https://github.com";
  return `${base.replace(/\/$/, "")}/${repository}.git`;
}

/** Puts the data of one repository into the data folder. */
function provide(source) {
  const { commit, isOptional = false, name, repository, sha256 } = source;
  if (where === null && digestOf(source, data) === sha256) {
    console.error(`${repository}: in .conformance`);
    return;
  }
  try {
    if (where !== null) {
      layOut(source, join(where, basename(repository)), data, where);
    } else {
      const url = urlOf(source);
      const clone = join(folder, "clones", name);
      console.error(`${repository}: cloning ${commit.slice(0, 7)} from ${url}`);
      fetchClone(source, url, clone);
      layOut(source, clone, data);
    }
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    if (!isOptional) fail(`${repository}: ${error.message}`);
    for (const [, to] of source.files) rmSync(join(data, to), { recursive: true, force: true });
    console.error(`${repository}: skipped, ${error.message}`);
  }
}

const { check: isCheck, from, remote: remotes = [] } = optionsOf(process.argv.slice(2));
/** The folder of `--from`, relative to where the command was called. */
const where = from === undefined ? null : resolve(process.env.INIT_CWD ?? ".", from);
mkdirSync(data, { recursive: true });
for (const source of SOURCES) provide(source);
const extraCases = writeExtraCases(data, where);
if (extraCases === 0) console.error("!!!! 11 cases of GrowthBook's Python SDK are MISSING !!!!");
// The cases that are its own may be at hand without the repository.
const isThere = (source) => !source.isOptional || digestOf(source, data) !== null;
const others = SOURCES.filter(isThere).filter((source) => digestOf(source, data) !== source.sha256);
for (const { commit, repository } of others) {
  console.error(`${repository}: not the data of ${commit.slice(0, 7)}, which the tests expect`);
}

console.error("Comparing with the vendors: one to three minutes …");
const report = join(folder, "report.json");
rmSync(report, { force: true });
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const { status, stderr, stdout } = spawnSync(
  process.execPath,
  [vitest, "run", ...TESTS, "--reporter=json", `--outputFile.json=${report}`],
  {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, SORTITION_CONFORMANCE: data, SORTITION_SEED: "" },
    maxBuffer: 2 ** 28,
  },
);
// What each differential run has met is of interest only if one fails.
if (status !== 0) process.stderr.write(stdout + stderr);
if (!existsSync(report)) fail("the tests did not run");
/** Cases of one of Eppo's files. */
function countOf(file) {
  const path = ["tests", "bandit-tests"].map((part) => join(data, "eppo/ufc", part, file));
  const there = path.find(existsSync);
  return there === undefined ? 1 : JSON.parse(readFileSync(there, "utf8")).subjects.length;
}

const results = JSON.parse(readFileSync(report, "utf8"));
const found = conformancePage(results, root, countOf);
console.log(found.summary);
for (const line of failuresOf(results, root)) console.log(line);
if (status !== 0) process.exit(1);
const isOutdated = readFileSync(page, "utf8") !== found.text;
if (others.length > 0 || extraCases === 0) {
  console.error("docs/conformance.md is not written: it is about all of the pinned data");
} else if (!isOutdated) {
  console.error("docs/conformance.md is what this run found");
} else if (isCheck) {
  fail("docs/conformance.md is not what this run found: npm run conformance writes it");
} else {
  writeFileSync(page, found.text);
  console.error("docs/conformance.md is written");
}
