import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Participant, Task } from "./cell.js";

/** The cost of starting a process. */
export const EMPTY_MODULE = "floor: an empty module";

/** The longest time that one start may take. */
const TIMEOUT_MS = 30_000;

/**
 * A participant that runs one module, from the start of a process to its end.
 *
 * @param packageName - the package that the module imports; its name is the participant's.
 * @param entry - path of the built module below `dist/`.
 * @param serve - starts a server, whose address the module gets as `process.argv[2]`.
 */
export function starting(
  packageName: string,
  entry: string,
  serve?: () => Promise<string>,
): Participant {
  return {
    name: packageName,
    absence: () => (isInstalled(packageName) ? null : `${packageName} is not built`),
    prepare: async () => startTask(entry, serve === undefined ? [] : [await serve()]),
  };
}

/** A process that does nothing. */
export const startingEmpty: Participant = {
  name: EMPTY_MODULE,
  prepare: async () => startTask("imports/empty.js"),
};

/** A module that measures a part of its own process. */
export interface SelfTiming {
  /** Path of the built module below `dist/`. It writes nanoseconds to its standard output. */
  readonly entry: string;
  /** What the module gets as `process.argv[2]`. */
  readonly argument?: string;
  /** What the module reads from its standard input. */
  readonly input?: () => Uint8Array;
}

/** A participant that measures a part of a process, in a new process for each operation. */
export function timingItself(name: string, { entry, argument, input }: SelfTiming): Participant {
  return {
    name,
    async prepare() {
      const file = builtFile(entry);
      const bytes = input?.();
      return {
        answers: {},
        run(operations) {
          let sum = 0;
          for (let i = 0; i < operations; i++) {
            const figure = Number(start(file, argument === undefined ? [] : [argument], bytes));
            if (!(figure > 0)) throw new Error(`${file} did not write a figure`);
            sum += figure;
          }
          return { figure: sum / operations, checksum: operations };
        },
      };
    },
  };
}

function startTask(entry: string, args: readonly string[] = []): Task {
  const file = builtFile(entry);
  return {
    answers: {},
    run(operations) {
      for (let i = 0; i < operations; i++) start(file, args);
      return operations;
    },
  };
}

/** The path of a module below `dist/`, from which all cells run: they are in one file. */
export function builtFile(entry: string): string {
  return fileURLToPath(new URL(`./${entry}`, import.meta.url));
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs a file in a process of its own.
 *
 * @returns what it wrote to standard output.
 * @throws Error unless it exits with 0. It does not if it cannot import, or gets a wrong answer.
 */
export function start(file: string, args: readonly string[] = [], input?: Uint8Array): string {
  const { status, error, stdout } = spawnSync(process.execPath, [file, ...args], {
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "inherit"],
    ...(input === undefined ? {} : { input }),
    timeout: TIMEOUT_MS,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${file} ended with ${status}`);
  return stdout.toString();
}
