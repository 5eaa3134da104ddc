// Fetches programs with apt, for tests and the demo.
import { spawnSync } from "node:child_process";

/** Whether a program starts. */
export const works = (file) => spawnSync(file, ["--version"], { stdio: "ignore" }).status === 0;

/** Runs apt-get. Returns whether it succeeded. */
export function apt(args, options) {
  return spawnSync("apt-get", [...args], { ...options, stdio: "ignore" }).status === 0;
}

/** Installs the system's package, which changes the machine. */
export function installPackage(name) {
  console.error(`${name} is missing: installing it with apt-get (SORTITION_NO_APT=1 forbids it)`);
  // No service is started: its port may be in use, and tests start servers of their own.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  apt(["update", "-qq"], { env });
  return apt(["install", "-y", "-qq", "--no-install-recommends", name], { env });
}
