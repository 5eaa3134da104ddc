// How long each file of tests took in the last run that contained it. The order of the next run goes by it.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * @typedef {object} FileTime
 * @property {number} seconds - processor time
 * @property {number} elapsedSeconds
 */

/**
 * @param {string} root - folder of the repository
 * @returns {ReadonlyMap<string, FileTime>} by the file's path in the repository; empty before the first run
 */
export function readTimes(root) {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(pathOf(root), "utf8"))));
  } catch {
    // None yet, or an interrupted run has left half of a file.
    return new Map();
  }
}

/**
 * Replaces the times of the given files.
 *
 * @param {string} root
 * @param {readonly (FileTime & { file: string })[]} files
 */
export function keepTimes(root, files) {
  const times = new Map(readTimes(root));
  for (const { file, seconds, elapsedSeconds } of files) {
    times.set(file, { seconds: rounded(seconds), elapsedSeconds: rounded(elapsedSeconds) });
  }
  const path = pathOf(root);
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(Object.fromEntries(times), null, 1)}\n`);
  renameSync(unfinished, path);
}

function pathOf(root) {
  return join(root, ".tools", "test-times.json");
}

function rounded(seconds) {
  return Math.round(seconds * 100) / 100;
}
