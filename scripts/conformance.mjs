// Runs the tests that compare Sortition with the vendors, and writes the results to docs/conformance.md. The tests use the
// vendors' public test data and packages. Only data is downloaded, and this repository contains none of it. The page
// describes the options.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { root, withTable } from "./pages.mjs";

const folder = join(root, ".conformance");
const data = join(folder, "data");
const page = join(root, "docs/conformance.md");

/**
 * Suites that use the vendors' data. Each form of a suite runs all cases once. With `isCounted`, the cases of the first form
 * are included in the README's sum, so that each case is counted once. With `form`, all cases are one form.
 */
const SUITES = [
  {
    title: "Eppo: assignments",
    file: "packages/core/test/conformance.test.ts",
    suite: "Eppo's assignment cases",
    isCounted: true,
  },
  {
    title: "Eppo: bandits",
    file: "packages/eppo/test/dialect/bandit-conformance.test.ts",
    suite: "Eppo's bandit cases",
    isCounted: true,
  },
  {
    title: "Eppo: files through `@sortition/eppo`",
    file: "packages/eppo/test/conformance/",
    suite: "",
  },
  {
    title: "GrowthBook",
    file: "packages/growthbook/test/conformance.test.ts",
    suite: "the vendor's conformance data",
    isCounted: true,
    hasParts: true,
  },
  {
    title: "Datadog",
    file: "packages/datadog/test/conformance/",
    suite: "Datadog's cases",
    form: "files with 231 cases",
  },
  {
    title: "LaunchDarkly",
    file: "packages/launchdarkly/test/conformance/",
    suite: "the vendor's cases",
    isCounted: true,
    form: "value, variation and reason",
  },
];

/** The vendor's package for each differential test, and the folder whose manifest pins its version. */
const PACKAGES = {
  eppo: ["@eppo/node-server-sdk", "packages/eppo"],
  growthbook: ["@growthbook/growthbook", "packages/growthbook"],
  amplitude: ["@amplitude/experiment-node-server", "packages/amplitude"],
  posthog: ["posthog-node", "packages/posthog"],
  datadog: ["@datadog/openfeature-node-server", "packages/datadog"],
  launchdarkly: ["@launchdarkly/node-server-sdk", "packages/launchdarkly"],
};

const TESTS = [
  ...SUITES.map(({ file }) => file),
  "packages/eppo/test/dialect/precomputed.test.ts",
  "packages/growthbook/test/client/auto-experiments.test.ts",
  "packages/eppo/test/dialect/differential.test.ts",
  "packages/eppo/test/dialect/bandit/differential.test.ts",
  ...["growthbook", "amplitude", "posthog", "datadog", "launchdarkly"].map(
    (name) => `packages/${name}/test/differential/differential.test.ts`,
  ),
];

/**
 * @typedef {object} Source
 * @property {string} name - for `--remote NAME=URL`.
 * @property {string} repository - `owner/name` on GitHub.
 * @property {string} commit
 * @property {string} licence
 * @property {string} sha256 - hash of the files below `to`, computed by `digestOf`.
 * @property {readonly (readonly [from: string, to: string])[]} files - in the repository, and below the data folder.
 * @property {boolean} [isOptional] - whether only a few cases are missing without it.
 */

/** @type {readonly Source[]} */
const SOURCES = [
  {
    name: "eppo",
    repository: "Eppo-exp/sdk-test-data",
    commit: "6643e8cf8d4fc144e815233ed570a0c35b998e71",
    licence: "MIT, by its `package.json`",
    sha256: "9f7331f7abe9585089e22a9a5c5900e60cb4eb3264da72c50d88c967c165392a",
    files: [
      ["ufc", "eppo/ufc"],
      ["configuration-wire", "eppo/configuration-wire"],
    ],
  },
  {
    name: "growthbook",
    repository: "growthbook/growthbook",
    commit: "8f1db4456915a8e7b7faf23d5632ca7219d2f469",
    licence: "MIT, outside of its enterprise folders",
    sha256: "3b9cfbc1de528f04a468a82aeae16b882047d2199f43cbb6fccf4e12cf4610dc",
    files: [["packages/sdk-js/test/cases.json", "growthbook/cases.json"]],
  },
  {
    name: "growthbook-python",
    repository: "growthbook/growthbook-python",
    commit: "c444b7df05dadb097018755c9f71ca356570a9fa",
    licence: "MIT",
    sha256: "ea6eabca9f31feb4a74227bfc86b91e306955607236b431be5ba7153515831ad",
    files: [["tests/cases.json", "growthbook/cases-python.json"]],
    isOptional: true,
  },
  {
    name: "datadog",
    repository: "DataDog/ffe-system-test-data",
    commit: "d9d8020045c7cf373f37e3e7e0122b34709f1a07",
    licence: "Apache-2.0",
    sha256: "dfa9ff59348d03a2458c75f351f1f8962cffdf8b188911e7612c64c8ec5b9f85",
    files: [
      ["ufc-config.json", "datadog/ufc-config.json"],
      ["evaluation-cases", "datadog/evaluation-cases"],
    ],
  },
  {
    name: "launchdarkly",
    repository: "launchdarkly/sdk-test-harness",
    commit: "713b6225a331c4362aa543f02a128238a79b40ae",
    licence: "Apache-2.0",
    sha256: "bf8c8efbeb83d55102777a5d62219d496113994e156651b8a86c592d6c24a8bd",
    files: [["data/data-files/server-side-eval", "launchdarkly"]],
  },
];

const PYTHON = "growthbook/cases-python.json";
/** The file with the Python SDK's cases that the JavaScript SDK's file lacks. */
const EXTRA = "growthbook/cases-python-extra.json";

/** A file or folder of the data is missing. */
class DataError extends Error {}

/**
 * Copies the data of one repository into the data folder.
 *
 * @param {Source} source
 * @param {string} clone - folder of the repository.
 * @param {string} data
 * @param {string | null} laidOut - a folder that may already contain the data, with the layout of the data folder.
 */
export function layOut({ files }, clone, data, laidOut = null) {
  for (const [from, to] of files) {
    const places = [join(clone, from), ...(laidOut === null ? [] : [join(laidOut, to)])];
    const path = places.find((place) => existsSync(place));
    if (path === undefined) throw new DataError(`there is no ${places.join(", and no ")}`);
    if (resolve(path) === resolve(data, to)) continue; // the data is already there
    rmSync(join(data, to), { recursive: true, force: true });
    mkdirSync(dirname(join(data, to)), { recursive: true });
    // Only data is copied, because the folders also contain programs.
    const isData = (file) => /\.(json|yml)$/.test(file) || statSync(file).isDirectory();
    cpSync(path, join(data, to), { recursive: true, filter: isData });
  }
}

/**
 * Writes the cases that only GrowthBook's Python SDK has. Requires its repository, or a folder that already contains the cases.
 *
 * @param {string} data
 * @param {string | null} laidOut - a folder that may already contain the cases, with the layout of the data folder.
 * @returns {number} the number of cases.
 */
export function writeExtraCases(data, laidOut = null) {
  const read = (file) => JSON.parse(readFileSync(join(data, file), "utf8")).evalCondition;
  let extra = [];
  if (existsSync(join(data, PYTHON))) {
    const known = new Set(read("growthbook/cases.json").map((it) => JSON.stringify(it)));
    extra = read(PYTHON).filter((it) => !known.has(JSON.stringify(it)));
  } else if (laidOut !== null && existsSync(join(laidOut, EXTRA))) {
    extra = JSON.parse(readFileSync(join(laidOut, EXTRA), "utf8")).evalCondition;
  }
  writeFileSync(join(data, EXTRA), `${JSON.stringify({ evalCondition: extra })}\n`);
  return extra.length;
}

/**
 * Returns a hash of names and content of a repository's files, or `null` if one is missing.
 *
 * @param {Source} source
 * @param {string} data
 */
export function digestOf({ files }, data) {
  const hash = createHash("sha256");
  for (const [, to] of files) {
    const path = join(data, to);
    if (!existsSync(path)) return null;
    for (const file of filesOf(path).sort()) {
      hash.update(`\0${relative(data, file).replaceAll("\\", "/")}\0`).update(readFileSync(file));
    }
  }
  return hash.digest("hex");
}

function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesOf(join(path, name)));
}

/**
 * Fetches the required files of the pinned commit.
 *
 * @param {Source} source
 * @param {string} url
 * @param {string} clone - folder to create.
 */
export function fetchClone({ commit, files }, url, clone) {
  rmSync(clone, { recursive: true, force: true });
  mkdirSync(clone, { recursive: true });
  git(clone, "init", "--quiet");
  git(clone, "remote", "add", "origin", url);
  // Omits the content of other files if the server supports it.
  const fetch = (what) =>
    git(clone, "fetch", "--quiet", "--depth=1", "--filter=blob:none", "origin", what);
  try {
    fetch(commit);
  } catch {
    // A mirror may lack this commit. The hash shows whether its data is the same.
    fetch("HEAD");
  }
  git(clone, "checkout", "--quiet", "FETCH_HEAD", "--", ...files.map(([from]) => from));
}

function git(folder, ...args) {
  const { error, status, stderr } = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
  if (error) throw new DataError(`git: ${error.message}`);
  if (status !== 0) throw new DataError(`git ${args[0]}: ${stderr.trim().split("\n").at(-1)}`);
}

/**
 * Returns the rows of the page's tables, from vitest's report.
 *
 * @param {{ readonly testResults: readonly { readonly name: string, readonly assertionResults: readonly any[] }[] }} report
 * @returns {{ passed: readonly string[][], compared: readonly string[][] }}
 */
export function rowsOf({ testResults }) {
  const tests = testResults.flatMap(({ assertionResults, name }) =>
    assertionResults.map((test) => ({ ...test, file: relative(root, name).replaceAll("\\", "/") })),
  );
  const passed = SUITES.flatMap(
    ({ file, form, hasParts = false, isCounted = false, suite, title }) => {
      const forms = new Map();
      for (const { ancestorTitles, file: of, status, title: name } of tests) {
        const [top = "", part = /: '(.+)'$/.exec(top)?.[1]] = ancestorTitles;
        const second = form ?? part;
        // Tests that count the cases are not cases themselves.
        const isNamed = hasParts || form !== undefined || name.includes(".json");
        const isCase = isNamed && !/^(has|are|were|is in) /.test(name);
        if (!isCase || !of.startsWith(file) || !top.startsWith(suite)) continue;
        const counts = forms.get(second) ?? { passed: 0, cases: 0 };
        forms.set(second, counts);
        counts.cases += 1;
        if (status === "passed") counts.passed += 1;
      }
      return [...forms].map(([of, counts], i) => [
        `${title}, ${of}`,
        `${counts.passed} of ${counts.cases}`,
        isCounted && (hasParts || i === 0) ? "yes" : "",
      ]);
    },
  );
  const compared = tests
    .flatMap(({ meta }) => (meta?.differential ? [meta.differential] : []))
    .map(({ calls, name, named, seed, unexplained }) => {
      const [vendor, home] = PACKAGES[name.split(" ")[0]];
      const manifest = JSON.parse(readFileSync(join(root, home, "package.json"), "utf8"));
      const sdk = `\`${vendor}\` ${manifest.devDependencies[vendor]}`;
      const differences = named.map(([what, count]) => `${what}: ${count}`).join(" · ") || "none";
      return [name, sdk, calls, seed, differences, unexplained].map(String);
    })
    .sort();
  return { passed, compared };
}

const COMPARED_HEAD =
  "| test | package | calls | seed | calls with a deliberate difference | unexplained |";

/**
 * Returns the rows of a run of all tests that the page does not have, so that a wrong figure is noticed without a second run.
 * Without the vendors' data, only the comparisons with their packages are checked.
 *
 * @param {string} written - the page.
 * @param {Parameters<typeof rowsOf>[0]} report - vitest's report.
 */
export function missingRows(written, { testResults }) {
  const files = TESTS.map((file) => join(root, file));
  const ours = testResults.filter(({ name }) => files.includes(name));
  const { compared, passed } = rowsOf({ testResults: ours });
  const rows = [...compared, ...passed.filter(([, counts]) => !counts.startsWith("0 "))];
  return rows.map((row) => `| ${row.join(" | ")} |`).filter((row) => !written.includes(row));
}

function fail(message) {
  console.error(`conformance: ${message}`);
  process.exit(2);
}

/** Returns the folder or URL of a repository from `--remote`, or its URL on GitHub. */
function urlOf({ name, repository }, remotes) {
  const own = remotes.find((remote) => remote.startsWith(`${name}=`));
  if (own !== undefined) return own.slice(name.length + 1);
  const base = remotes.find((remote) => !/^[\w-]+=/.test(remote)) ?? "https://github.com";
  return `${base.replace(/\/$/, "")}/${repository}.git`;
}

/** Copies the data of one repository into the data folder. */
function provide(source, where, remotes) {
  const { commit, isOptional = false, name, repository, sha256 } = source;
  if (where === null && digestOf(source, data) === sha256) return;
  try {
    if (where !== null) {
      layOut(source, join(where, basename(repository)), data, where);
    } else {
      const url = urlOf(source, remotes);
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

/** Provides the data. Returns whether the pinned data is complete. */
function provideAll(from, remotes) {
  // Relative to the folder from which the command was called.
  const where = from === undefined ? null : resolve(process.env.INIT_CWD ?? ".", from);
  mkdirSync(data, { recursive: true });
  for (const source of SOURCES) provide(source, where, remotes);
  const hasExtra = writeExtraCases(data, where) > 0;
  if (!hasExtra) console.error("!!!! 11 cases of GrowthBook's Python SDK are MISSING !!!!");
  // The cases of the Python SDK may exist without its repository.
  const others = SOURCES.filter((source) => {
    const digest = digestOf(source, data);
    return digest !== source.sha256 && !(source.isOptional && digest === null);
  });
  for (const { commit, repository } of others) {
    console.error(`${repository}: not the data of ${commit.slice(0, 7)}, which the tests expect`);
  }
  return hasExtra && others.length === 0;
}

/** Runs the tests, and returns vitest's report. */
function runTests() {
  const report = join(folder, "report.json");
  rmSync(report, { force: true });
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
  const { status } = spawnSync(process.execPath, [vitest, "run", ...TESTS, ...reporters], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, SORTITION_CONFORMANCE: data, SORTITION_SEED: "" },
  });
  if (!existsSync(report)) fail("the tests did not run");
  return { status, results: JSON.parse(readFileSync(report, "utf8")) };
}

function main() {
  const { values } = parseArgs({
    options: {
      check: { type: "boolean", default: false },
      from: { type: "string" },
      remote: { type: "string", multiple: true, default: [] },
    },
  });
  const isComplete = provideAll(values.from, values.remote);
  const { results, status } = runTests();
  const { compared, passed } = rowsOf(results);
  for (const row of [...passed, ...compared]) console.log(row.join(" | "));
  if (status !== 0) process.exit(1);
  const before = readFileSync(page, "utf8");
  const withPassed = withTable(before, "passed", "| cases | passed | counted |", passed);
  const after = withTable(withPassed, "compared", COMPARED_HEAD, compared);
  if (!isComplete) {
    console.error("docs/conformance.md is not written, because the pinned data is incomplete");
  } else if (values.check && after !== before) {
    fail("docs/conformance.md differs from this run. Update it with npm run conformance");
  } else {
    writeFileSync(page, after);
  }
}

if (process.argv[1] === import.meta.filename) main();
