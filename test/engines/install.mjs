// Installs the engines for the recipes of docs/guides/before-and-after.md: two npm packages in a separate folder, and one
// Debian package. Nothing else in the repository needs them. Each installation is attempted twice, and missing engines are named.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Folder of the npm packages. */
export const folder = join(root, ".tools/engines");

const asRoot = process.getuid?.() === 0 ? [] : ["sudo"];

/** @type {readonly { name: string, isThere: () => boolean, commands: readonly (readonly string[])[] }[]} */
const ENGINES = [
  npmPackage("chdb", "3.4.0"),
  npmPackage("@duckdb/node-api", "1.5.6-r.1"),
  {
    name: "python3-distributed",
    isThere: () => succeeds(["/usr/bin/python3", "-c", "import distributed"], "ignore"),
    commands: [
      [...asRoot, "apt-get", "update"],
      [...asRoot, "apt-get", "install", "-y", "--no-install-recommends", "python3-distributed"],
    ],
  },
];

/**
 * @param {string} name
 * @param {string} version
 */
function npmPackage(name, version) {
  return {
    name,
    isThere: () => existsSync(join(folder, "node_modules", name)),
    commands: [["npm", "install", "--no-audit", "--no-fund", "--save-exact", `${name}@${version}`]],
  };
}

/**
 * @param {readonly string[]} words
 * @param {"inherit" | "ignore"} stdio
 */
function succeeds([file = "", ...args], stdio) {
  const output = stdio === "inherit" ? ["ignore", process.stderr, process.stderr] : stdio;
  return spawnSync(file, args, { cwd: folder, stdio: output }).status === 0;
}

/** Installs missing engines. Returns the names of those that could not be installed. */
export function installEngines() {
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  return ENGINES.filter(({ commands, isThere }) => {
    for (let attempt = 1; attempt <= 2 && !isThere(); attempt++) {
      commands.every((words) => succeeds(words, "inherit"));
    }
    return !isThere();
  }).map(({ name }) => name);
}
