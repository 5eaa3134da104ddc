// Builds what the tests need, and runs them: `node scripts/test.mjs [--watch] [--since [BRANCH]] [arguments of vitest]`.
// Tests read the sources of all packages. Processes that they start read builds.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const args = process.argv.slice(2);
const watchAt = args.indexOf("--watch");
if (watchAt !== -1) args.splice(watchAt, 1);
const build = [
  ...["run", "build", "--output-logs=errors-only"],
  ...packagesOf(args).map((name) => `--filter=@sortition/${name}...`),
];
const sinceAt = args.indexOf("--since");
if (sinceAt !== -1) {
  const [, branch = "origin/HEAD"] = args.splice(sinceAt, 2);
  args.push(...foldersSince(branch));
}
runNode("turbo/bin/turbo", build, "inherit");
runNode("vitest/vitest.mjs", [watchAt === -1 ? "run" : "watch", ...args], "inherit");

/** Returns the packages that contain the tests, or none if they can be anywhere. */
function packagesOf(args) {
  const paths = args.filter((arg) => !arg.startsWith("-"));
  const names = paths.map((path) => path.match(/^(?:packages|apps|tools)\/([\w-]+)/)?.[1]);
  return names.includes(undefined) ? [] : names;
}

/** Returns the folders of packages that changed since this branch was created, and of their dependents. */
function foldersSince(branch) {
  const base = run("git", ["merge-base", branch, "HEAD"]).trim();
  const listed = runNode("turbo/bin/turbo", ["ls", `--filter=...[${base}]`, "--output=json"]);
  const folders = JSON.parse(listed).packages.items.map(({ path }) => join(root, path, "/"));
  // The tests of the repository read all packages.
  return [...folders, join(root, "test/")];
}

function runNode(file, args, stdout) {
  return run(process.execPath, [join(root, "node_modules", file), ...args], stdout);
}

/** Runs a program and returns its output. If it fails, exits with the same status. */
function run(file, args, stdout = "pipe") {
  const stdio = [stdout === "inherit" ? "inherit" : "ignore", stdout, "inherit"];
  const { status, stdout: output } = spawnSync(file, args, { cwd: root, encoding: "utf8", stdio });
  if (status !== 0) process.exit(status ?? 1);
  return output;
}
