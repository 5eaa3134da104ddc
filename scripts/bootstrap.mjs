// Runs a command of the workspace on a machine that has only Node and npm:
// `node scripts/bootstrap.mjs [NAME=VALUE …] [COMMAND [ARGUMENTS]]`. It installs the pinned pnpm into .tools/ and the
// dependencies of the lockfile, and then runs the command with the programs of both. It imports no dependency, because none
// is installed when it starts.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installTool, scriptCommand } from "./tools.mjs";

// Old releases of Node have no `import.meta.dirname`, and must get as far as the check of their version.
const root = fileURLToPath(new URL("..", import.meta.url));
const { engines, packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Prints the reason and ends the process. */
function fail(message) {
  console.error(`bootstrap: ${message}`);
  process.exit(1);
}

/** Runs a program with the output of this process. If it is quiet, its output is shown only if it fails. */
function run({ file, args, shell = false }, isQuiet = false) {
  const stdio = isQuiet ? ["ignore", "pipe", "pipe"] : "inherit";
  const options = { cwd: root, encoding: "utf8", stdio, shell, maxBuffer: 2 ** 28 };
  const { error, status, stdout, stderr } = spawnSync(file, [...args], options);
  if (error) fail(`${file}: ${error.message}`);
  if (status === 0) return;
  if (isQuiet) process.stderr.write(stdout + stderr);
  // A program killed by a signal has no status.
  process.exit(status ?? 1);
}

function checkNode() {
  const [, ...wanted] = engines.node.match(/^>=(\d+)\.(\d+)/).map(Number);
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) return;
  fail(
    `needs Node ${engines.node}, but this is ${process.version}: install a newer one from https://nodejs.org`,
  );
}

/** A digest of everything that affects the result of an install. */
function installDigest() {
  const manifests = ["packages", "apps", "tools"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .sort()
      .map((name) => join(folder, name, "package.json")),
  );
  const files = ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests];
  // The native binaries to install depend on the version of Node.
  const machine = `${process.version} ${process.platform} ${process.arch}`;
  const hash = createHash("sha256").update(machine);
  for (const file of files.filter((file) => existsSync(join(root, file)))) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

function ensureInstall() {
  const digest = installDigest();
  const stamp = join(root, "node_modules", ".sortition-install");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  // Without the stamp, an interrupted installation is repeated.
  rmSync(stamp, { force: true });
  console.error("Installing dependencies for the first time …");
  run(scriptCommand("pnpm", ["install", "--frozen-lockfile", "--reporter=append-only"]), true);
  writeFileSync(stamp, digest);
}

checkNode();
const pnpm = installTool("pnpm", packageManager.match(/^pnpm@([\d.]+)/)[1]);
const programs = [join(root, "node_modules/.bin"), join(pnpm, "node_modules/.bin")];
process.env.PATH = [...programs, process.env.PATH].join(delimiter);
process.env.TURBO_TELEMETRY_DISABLED = "1";
process.env.TURBO_NO_UPDATE_NOTIFIER = "1";
const given = process.argv.slice(2);
while (/^\w+=/.test(given[0] ?? "")) {
  const [name, value] = given.shift().split("=");
  process.env[name] = value;
}
const [command, ...args] = given;
// `npm run pnpm -- install` updates the lockfile after a manifest has changed, so it must not require an install.
if (command !== "pnpm") ensureInstall();
if (command === "node") run({ file: process.execPath, args });
else if (command !== undefined) run(scriptCommand(command, args));
