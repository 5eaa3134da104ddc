// Starts programs on any system, including Windows, and installs programs outside the workspace's dependencies into .tools/.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const tools = join(dirname(fileURLToPath(import.meta.url)), "../.tools"); // for the message of Node.js 18

/**
 * Returns the folder with the given version of an npm package in its node_modules, installed on the first call.
 *
 * @param {string} name
 * @param {string} version
 */
export function installTool(name, version) {
  return installInto(`${name.replace("/", "-")}-${version}`, { [name]: version });
}

/**
 * Returns the folder with several npm packages in its node_modules, installed on the first call.
 *
 * @param {string} label - prefix of the folder's name.
 * @param {Readonly<Record<string, string>>} versions - exact versions by name.
 * @param {readonly string[]} [options] - more options of `npm install`.
 */
export function installTools(label, versions, options = []) {
  const digest = createHash("sha256").update(JSON.stringify(versions)).digest("hex").slice(0, 12);
  return installInto(`${label}-${digest}`, versions, options);
}

/**
 * Installs into a temporary folder and then renames it, so that an interrupted or simultaneous call leaves no
 * partial install.
 *
 * @param {string} folderName
 * @param {Readonly<Record<string, string>>} versions
 * @param {readonly string[]} [options]
 */
function installInto(folderName, versions, options = []) {
  const folder = join(tools, folderName);
  if (existsSync(folder)) return folder;
  mkdirSync(tools, { recursive: true });
  const unfinished = mkdtempSync(join(tools, `unfinished-${folderName}-`));
  try {
    writeFileSync(join(unfinished, "package.json"), `{ "private": true, "name": "tools" }\n`);
    const packages = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
    npm(["install", "--prefix", ".", "--save-exact", ...options, ...packages], unfinished);
    try {
      renameSync(unfinished, folder);
    } catch (error) {
      // Another process has installed it in the meantime.
      if (!existsSync(folder)) throw error;
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/**
 * Runs npm quietly in a folder, and throws if it fails.
 *
 * @param {readonly string[]} args
 * @param {string} cwd
 */
export function npm(args, cwd) {
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  const { file, args: all, shell } = scriptCommand("npm", [...args, ...quiet]);
  const stdio = ["ignore", "ignore", "inherit"];
  const result = spawnSync(file, [...all], { cwd, stdio, shell });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`npm ${args.join(" ")} failed with ${result.status}`);
}

/**
 * @typedef {object} Command
 * @property {string} file
 * @property {readonly string[]} args
 * @property {boolean} shell
 */

/**
 * Returns how to start a program that is a script, such as npm or pnpm. On Windows, these are `.cmd` files, which only the
 * shell can start, so the arguments are quoted for the shell.
 *
 * @param {string} name
 * @param {readonly string[]} args
 * @param {NodeJS.Platform} [platform]
 * @returns {Command}
 */
export function scriptCommand(name, args, platform = process.platform) {
  if (platform !== "win32") return { file: name, args, shell: false };
  return { file: [name, ...args.map(quotedForCmd)].join(" "), args: [], shell: true };
}

/**
 * Returns the name of a program's file: `node.exe` on Windows.
 *
 * @param {string} name
 * @param {NodeJS.Platform} [platform]
 */
export function executableName(name, platform = process.platform) {
  return platform === "win32" ? `${name}.exe` : name;
}

/** Quotes an argument for `cmd.exe`. Inside its quotes, only `"` and `%` are special. */
function quotedForCmd(argument) {
  if (/["%\r\n]/.test(argument)) {
    throw new Error(`an argument with a quote, a percent sign or a line break: ${argument}`);
  }
  return /^[\w@./:=+-]+$/.test(argument) ? argument : `"${argument}"`;
}
