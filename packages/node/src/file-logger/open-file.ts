import { constants } from "node:fs";
import { dirname } from "node:path";
import { systemCodeOf } from "../http/system-code.js";

/** Loaded on demand, because most programs do not need it. */
const fs = (): typeof import("node:fs") => process.getBuiltinModule("node:fs");

/**
 * Creates a folder and its missing parents.
 *
 * Does not use the `recursive` option, because Node.js 20 then retries forever if no folder can be
 * created, for example below `/proc`.
 *
 * @throws the error of the operating system.
 */
export function makeFolder(folder: string): void {
  try {
    makeOneFolder(folder);
  } catch (cause) {
    const above = dirname(folder);
    if (systemCodeOf(cause) !== "ENOENT" || above === folder) throw cause;
    makeFolder(above);
    makeOneFolder(folder);
  }
}

/**
 * Accepts an existing folder, which another process may have just created. If it is a file, opening
 * a file in it fails later.
 */
function makeOneFolder(folder: string): void {
  try {
    fs().mkdirSync(folder);
  } catch (cause) {
    if (systemCodeOf(cause) !== "EEXIST") throw cause;
  }
}

/**
 * Opens a file for appending, and creates it if it is missing. A pipe without a reader fails with
 * `ENXIO`, because a normal open would block the process until there is a reader.
 *
 * @returns the file descriptor.
 * @throws the error of the operating system.
 */
export function openForAppending(path: string, mode: number): number {
  const { closeSync, fstatSync, openSync } = fs();
  const { O_APPEND, O_CREAT, O_NONBLOCK = 0, O_WRONLY } = constants; // Windows has no O_NONBLOCK
  const descriptor = openSync(path, O_APPEND | O_CREAT | O_WRONLY | O_NONBLOCK, mode);
  if (fstatSync(descriptor).isFile()) return descriptor;
  try {
    // Writes to a pipe or a terminal must wait for its reader. With O_NONBLOCK they would fail.
    return openSync(path, "a", mode);
  } finally {
    closeSync(descriptor);
  }
}

/** Longest last line that is read. A longer one is judged by its end. */
const MAX_TAIL_BYTES = 65_536;

/**
 * Returns the bytes after the last line ending of a file, as a string. Returns an empty string if
 * the file cannot be read.
 *
 * @param size - length of the file; 0 for a pipe or a terminal.
 */
export function lastLineOf(path: string, size: number): string {
  if (size === 0) return "";
  const { closeSync, openSync, readSync } = fs();
  const tail = Buffer.alloc(Math.min(size, MAX_TAIL_BYTES));
  let descriptor: number | null = null;
  try {
    descriptor = openSync(path, "r");
    const bytes = readSync(descriptor, tail, 0, tail.length, size - tail.length);
    return tail.toString("latin1", tail.lastIndexOf("\n", bytes - 1) + 1, bytes);
  } catch {
    return "";
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
