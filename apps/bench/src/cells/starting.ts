import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { eppo } from "../peers/eppo.js";
import type { Participant } from "./cell.js";

/** What is imported, ours and the vendor's: packages as they are installed. */
export const OUR_PACKAGE = "@sortition/node";
export const EPPO_PACKAGE: string = eppo.name;
/** What starting a process costs by itself. */
export const EMPTY_MODULE = "floor: an empty module";

/** A participant for which the module `entry` of `imports/` is run, from the start of a process to its end. */
export function starting(packageName: string, entry: string): Participant {
  return {
    name: packageName,
    absence: () => (isInstalled(packageName) ? null : `${packageName} is not built`),
    prepare: async () => startTask(entry),
  };
}

/** A process that does nothing. */
export const startingEmpty: Participant = {
  name: EMPTY_MODULE,
  prepare: async () => startTask("empty.js"),
};

function startTask(entry: string): Awaited<ReturnType<Participant["prepare"]>> {
  const file = fileURLToPath(new URL(`./imports/${entry}`, import.meta.url));
  return {
    answers: {},
    run(operations) {
      for (let i = 0; i < operations; i++) start(file);
      return operations;
    },
  };
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** @throws Error unless the process ends well: it does not if it cannot import, or gets a wrong answer. */
export function start(file: string): void {
  const { status, error } = spawnSync(process.execPath, [file], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${file} ended with ${status}`);
}
