// Runs a task of the workspace on a machine that has only Node and npm: installs the pinned pnpm into
// .tools/, installs the dependencies of the lockfile, then runs the task. It imports no dependency,
// because none is installed when it starts.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { provideChromium } from "./chromium.mjs";
import { provideRedis } from "./redis.mjs";
import { readTestProjects } from "./test-projects.mjs";
import { changedFiles, selectProjects, takeSince } from "./test-since.mjs";
import { installTool } from "./tools.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const minimumNode = [20, 19];

/** Prints the reason and ends the process. */
function fail(message) {
  console.error(`bootstrap: ${message}`);
  process.exit(1);
}

/**
 * Runs a program with the output of this process, or quietly: then its output is returned, and shown if it fails. If it
 * fails, this process ends with the same code.
 */
function run(file, args, { cwd = root, env = {}, isQuiet = false } = {}) {
  const { error, status, stdout, stderr } = spawnSync(file, args, {
    cwd,
    encoding: "utf8",
    stdio: isQuiet ? ["ignore", "pipe", "pipe"] : "inherit",
    maxBuffer: 2 ** 28,
    env: { ...process.env, ...env },
  });
  if (error) fail(`${file}: ${error.message}`);
  if (status === 0) return stdout;
  if (isQuiet) process.stderr.write(stdout + stderr);
  // A program killed by a signal has no status.
  process.exit(status ?? 1);
}

/** Runs a file with this Node. */
function runNode(file, args = [], options = {}) {
  return run(process.execPath, [file, ...args], options);
}

/** Runs a command of an installed package with this Node, without a shell and without `pnpm exec`. */
function runCommand(packageName, command, args, options) {
  const folder = join(root, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return runNode(join(folder, typeof bin === "string" ? bin : bin[command]), args, options);
}

const runTurbo = (args, options) => runCommand("turbo", "turbo", args, options);
const runVitest = (args, options) => runCommand("vitest", "vitest", ["run", ...args], options);
const runScript = (name, args) => runNode(join(root, "scripts", name), args);

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [wanted, wantedMinor] = minimumNode;
  if (major > wanted || (major === wanted && minor >= wantedMinor)) return;
  fail(`Node >= ${minimumNode.join(".")} is needed, this is ${process.version}`);
}

/** Returns the folder of the pnpm version that package.json names. */
function ensurePnpm() {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return installTool("pnpm", packageManager.match(/^pnpm@([\d.]+)/)[1]);
}

/** A digest of everything that affects the result of an install. */
function installDigest() {
  const manifests = ["packages", "apps"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .sort()
      .map((name) => join(folder, name, "package.json")),
  );
  const files = ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests];
  // The native binaries to install depend on the version of Node.
  const hash = createHash("sha256").update(
    `${process.version} ${process.platform} ${process.arch}`,
  );
  for (const file of files.filter((file) => existsSync(join(root, file)))) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

function ensureInstall() {
  const digest = installDigest();
  const stamp = join(root, "node_modules", ".sortition-install");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  // Without the stamp an interrupted install is repeated.
  rmSync(stamp, { force: true });
  console.error("Installing dependencies, once …");
  runPnpm(["install", "--frozen-lockfile", "--reporter=append-only"], { isQuiet: true });
  writeFileSync(stamp, digest);
}

function runPnpm(args, options) {
  runNode(join(pnpmFolder, "node_modules/pnpm/bin/pnpm.cjs"), args, options);
}

/** Builds everything. */
function build() {
  runTurbo(["run", "build", "--output-logs=errors-only"]);
}

/** Builds an app with its dependencies, without turbo's summary: the app's own output comes first. */
function buildApp(name) {
  if (!existsSync(join(root, "apps", name, "dist"))) {
    console.error("Building the packages, once …");
  }
  const args = ["run", "build", "--output-logs=errors-only", `--filter=@sortition/${name}...`];
  runTurbo(args, { isQuiet: true });
}

/** Builds for packing. A build from turbo's cache does not delete the files of a former build, and they would be packed too. */
function buildForPacking() {
  for (const name of readdirSync(join(root, "packages"))) {
    rmSync(join(root, "packages", name, "dist"), { recursive: true, force: true });
  }
  build();
}

/** Runs a built app in the directory where the user called npm, so that relative paths in its arguments resolve from there. */
function runApp(name, args, main = "main.js") {
  buildApp(name);
  provideRedis();
  const cwd = process.env.INIT_CWD || process.cwd();
  runNode(join(root, "apps", name, "dist", main), args, { cwd });
}

/** Runs the tests. Whatever reporters are asked for, what the tests spent is reported too. */
function runTests(args, { isLong }) {
  const { isGiven, branch, rest } = takeSince(args);
  const projects = isGiven ? [...projectsSince(branch), ...(isLong ? ["quiet"] : [])] : [];
  build();
  const hasReporter = rest.some((arg) => arg.startsWith("--reporter"));
  const reporters = [...(hasReporter ? [] : ["default"]), join(root, "scripts/spent-reporter.mjs")];
  const options = [
    ...reporters.map((reporter) => `--reporter=${reporter}`),
    ...projects.map((project) => `--project=${project}`),
  ];
  runVitest([...options, ...rest], { env: isLong ? { SORTITION_LONG: "1" } : {} });
}

/** The projects that differ from a branch. Without any, this process ends. */
function projectsSince(branch) {
  let files;
  try {
    files = changedFiles(root, branch);
  } catch ({ message }) {
    fail(message);
  }
  const { run, leftOut } = selectProjects(readTestProjects(root), files, withDependents);
  if (run.length === 0) {
    console.log("No file differs: no tests to run.");
    process.exit(0);
  }
  console.log(
    leftOut.length === 0
      ? "Tests of all projects: each has files that differ, or depends on one that has."
      : `Tests of ${run.join(", ")}. Left out, because nothing differs: ${leftOut.join(", ")}.`,
  );
  return run;
}

/** The given packages and those that depend on them. */
function withDependents(packageNames) {
  if (packageNames.length === 0) return [];
  const filters = packageNames.map((name) => `--filter=...${name}`);
  const listed = runTurbo(["ls", ...filters, "--output=json"], { isQuiet: true });
  const { packages } = JSON.parse(listed);
  return packages.items.map(({ name }) => name);
}

const tasks = {
  setup: () => {},
  build: () => build(),
  test: (args) => runTests(args, { isLong: false }),
  "test:long": (args) => runTests(args, { isLong: true }),
  demo: (args) => runApp("demo", args),
  bench: (args) => runApp("bench", args),
  examples: (args) => runApp("examples", args, "runner/main.js"),
  lint: () => runCommand("@biomejs/biome", "biome", ["check", "--error-on-warnings", "."]),
  format: () => runCommand("@biomejs/biome", "biome", ["check", "--write", "."]),
  typecheck() {
    runTurbo(["run", "typecheck", "--output-logs=errors-only"]);
    runScript("typecheck.mjs", ["tsconfig.json"]);
  },
  knip: () => runCommand("knip", "knip", ["--config", "config/knip.json"]),
  pack(args) {
    buildForPacking();
    runScript("pack-install.mjs", args);
  },
  "pack:check"() {
    buildForPacking();
    runScript("pack-check.mjs");
  },
  "pack:smoke"(args) {
    buildForPacking();
    runVitest(["--config", "config/test/packed.config.ts", ...args]);
  },
  check() {
    for (const name of ["lint", "typecheck", "knip", "docs", "pack:check", "pack:smoke"])
      tasks[name]([]);
    tasks.sizes([]);
    tasks.test([]);
  },
  docs() {
    build();
    runScript("write-docs.mjs", ["--check"]);
    runScript("docs.mjs");
  },
  "docs:write"() {
    // The page of the command is written by its code, which imports the other packages.
    build();
    runScript("write-docs.mjs");
  },
  "docs:site"([first, ...rest]) {
    build();
    runScript("docs.mjs");
    runNode(join(root, "apps/site/build.mjs"));
    if (first !== "--test") return;
    provideChromium();
    runVitest(["--config", "apps/site/vitest.site.config.ts", ...rest]);
  },
  "docs:links": (args) => runScript("docs-links.mjs", args),
  conformance(args) {
    build();
    runScript("conformance.mjs", args);
  },
  sizes(args) {
    build();
    runScript("sizes.mjs", args);
  },
  "release:version"() {
    runCommand("@changesets/cli", "changeset", ["version"]);
    writeFileSync(join(root, "scripts/release.json"), '{\n  "isOnNpm": true\n}\n');
    tasks["docs:write"]();
    runPnpm(["install", "--lockfile-only"]);
  },
  "release:publish"() {
    buildForPacking();
    runCommand("@changesets/cli", "changeset", ["publish"]);
  },
  pnpm: (args) => runPnpm(args),
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(tasks, name ?? "")) {
  fail(`unknown task ${name}; one of ${Object.keys(tasks).join(", ")}`);
}
checkNode();
const pnpmFolder = ensurePnpm();
// turbo calls pnpm by name.
process.env.PATH = join(pnpmFolder, "node_modules/.bin") + delimiter + process.env.PATH;
process.env.TURBO_TELEMETRY_DISABLED = "1";
process.env.TURBO_NO_UPDATE_NOTIFIER = "1";
// `npm run pnpm -- install` updates the lockfile after a manifest has changed, so it must not need a frozen install first.
if (name !== "pnpm") ensureInstall();
tasks[name](args);
