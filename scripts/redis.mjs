// Finds a redis-server for tests and the demo, or downloads one with apt.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const tools = fileURLToPath(new URL("../.tools", import.meta.url));
const folder = join(tools, "redis-deb");
const started = join(folder, "redis-server");

/** The program's Debian package, and the packages that it needs. */
const PACKAGES = [
  ...["redis-tools", "libjemalloc2", "liblua5.1-0", "liblzf1", "lua-bitop", "lua-cjson"],
  ...["libhiredis0.14", "libatomic1"],
];

/**
 * Finds a program that accepts the arguments of redis-server, or returns the reason why there is none. If
 * `REDIS_SERVER_BIN` names a program that does not run, no other one is used.
 */
function findRedis() {
  const named = process.env.REDIS_SERVER_BIN;
  if (named && !works(named)) {
    return { bin: null, reason: `REDIS_SERVER_BIN=${named} does not run` };
  }
  const found = [named, "redis-server", "valkey-server", started].find((bin) => bin && works(bin));
  if (found) return { bin: found };
  const none = "no redis-server or valkey-server on PATH";
  if (process.env.SORTITION_NO_APT === "1") {
    return { bin: null, reason: `${none}, and SORTITION_NO_APT=1 forbids downloading one` };
  }
  if (process.platform !== "linux" || !works("apt-get")) return { bin: null, reason: none };
  if (process.getuid?.() === 0 && installPackage("redis-server") && works("redis-server")) {
    return { bin: "redis-server" };
  }
  if (unpack()) return { bin: started };
  return { bin: null, reason: `${none}, and apt could not download one` };
}

/**
 * Finds the server for a task, and sets `REDIS_SERVER_BIN` for the programs that the task starts. Prints one line if there is
 * none.
 *
 * @throws {Error} if there is none although `REQUIRE_REDIS=1` or `REDIS_SERVER_BIN` demands one.
 */
export function provideRedis() {
  if (process.env.SORTITION_REDIS_SOUGHT === "1") return;
  const isNamed = Boolean(process.env.REDIS_SERVER_BIN);
  const found = findRedis();
  process.env.SORTITION_REDIS_SOUGHT = "1";
  if (found.bin !== null) {
    process.env.REDIS_SERVER_BIN = found.bin;
    return;
  }
  if (isNamed || process.env.REQUIRE_REDIS === "1") {
    throw new Error(`a redis-server is required: ${found.reason}`);
  }
  console.error(`!!!!!! no redis-server, tests that need one are SKIPPED: ${found.reason} !!!!!!`);
}

/** Called by vitest before it starts test processes, which inherit the server's path. */
export function setup() {
  provideRedis();
}

/** Downloads packages and unpacks them next to the other tools. This needs no root access. */
function unpack() {
  mkdirSync(folder, { recursive: true });
  if (!apt(["download", ...PACKAGES], { cwd: folder })) return false;
  const root = join(folder, "root");
  for (const file of readdirSync(folder)) {
    if (file.endsWith(".deb")) spawnSync("dpkg", ["-x", file, "root"], { cwd: folder });
  }
  const libraries = join(root, "usr/lib");
  if (!existsSync(libraries)) return false;
  const paths = readdirSync(libraries).map((name) => join(libraries, name));
  // Debian installs one program under several names, and it depends on the name with which it was started.
  const program = join(root, "usr/bin/redis-server");
  if (!existsSync(program)) symlinkSync("redis-check-rdb", program);
  const script = `#!/bin/sh\nLD_LIBRARY_PATH='${paths.join(delimiter)}' exec '${program}' "$@"\n`;
  writeFileSync(started, script);
  chmodSync(started, 0o755);
  return works(started);
}

/** Whether a program starts. */
export const works = (file) => spawnSync(file, ["--version"], { stdio: "ignore" }).status === 0;

/** Runs apt-get. Returns whether it succeeded. */
function apt(args, options) {
  return spawnSync("apt-get", [...args], { ...options, stdio: "ignore" }).status === 0;
}

/** Installs the system's package, which changes the machine. */
export function installPackage(name) {
  console.error(`${name} is missing: installing it with apt-get (SORTITION_NO_APT=1 forbids it)`);
  // Does not start a service, because its port may be in use, and tests start their own servers.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  apt(["update", "-qq"], { env });
  return apt(["install", "-y", "-qq", "--no-install-recommends", name], { env });
}
