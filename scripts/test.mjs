// Runs tests with the current builds: `node scripts/test.mjs [arguments of vitest] [--since [BRANCH]]`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const args = process.argv.slice(2);
const at = args.indexOf("--since");
if (at !== -1) {
  const [, branch = "origin/HEAD"] = args.splice(at, 2);
  args.push(...projectsSince(branch).map((project) => `--project=${project}`));
}
runNode("vitest/vitest.mjs", ["run", ...args], "inherit");

/** Returns the vitest projects of packages that changed since this branch was created, and of their dependents. */
function projectsSince(branch) {
  const base = run("git", ["merge-base", branch, "HEAD"]).trim();
  const listed = runNode("turbo/bin/turbo", ["ls", `--filter=...[${base}]`, "--output=json"]);
  const packages = JSON.parse(listed).packages.items.map(({ path }) => path.split("/").at(-1));
  // The tests of the repository read all packages, and the project `quiet` contains the quiet long tests of all packages.
  return [...packages, "repository", "quiet"];
}

function runNode(file, args, stdout) {
  return run(process.execPath, [join(root, "node_modules", file), ...args], stdout);
}

/** Runs a program and returns its output. If it fails, exits with the same status. */
function run(file, args, stdout = "pipe") {
  const stdio = ["ignore", stdout, "inherit"];
  const { status, stdout: output } = spawnSync(file, args, { cwd: root, encoding: "utf8", stdio });
  if (status !== 0) process.exit(status ?? 1);
  return output;
}
