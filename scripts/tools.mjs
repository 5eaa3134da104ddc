// Fetches programs that the workspace needs but that are not its dependencies, into .tools/.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const tools = fileURLToPath(new URL("../.tools", import.meta.url));
const isWindows = process.platform === "win32";

/**
 * Returns the folder with the given version of an npm package in its node_modules, installed on the first call.
 *
 * It is installed under another name and then renamed, so that an interrupted or simultaneous call leaves
 * either nothing or all of it.
 */
export function installTool(name, version) {
  const folder = join(tools, `${name}-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(tools, { recursive: true });
  const unfinished = mkdtempSync(join(tools, `unfinished-${name}-`));
  try {
    writeFileSync(join(unfinished, "package.json"), `{ "private": true, "name": "tools" }\n`);
    npm(["install", "--prefix", ".", "--save-exact", `${name}@${version}`], unfinished);
    try {
      renameSync(unfinished, folder);
    } catch (error) {
      // Another process was faster; its copy is as good.
      if (!existsSync(folder)) throw error;
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** Runs npm in a folder without the noise, and throws if it fails. */
export function npm(args, cwd) {
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  const result = spawnSync("npm", [...args, ...quiet], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
    shell: isWindows, // npm is a .cmd file there
  });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`npm ${args.join(" ")} failed with ${result.status}`);
}
