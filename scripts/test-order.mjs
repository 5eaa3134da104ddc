// In which order the files of tests start.

/**
 * Files that take longer than this start first, each in a process of its own. That costs half a second of processor time, for its
 * start and for what its project imports, so shorter ones follow each other.
 */
const LONG_S = 8;

/**
 * A file of tests, and how long it took or is expected to take.
 *
 * @typedef {object} TimedFile
 * @property {string} project
 * @property {number} elapsedSeconds
 */

/**
 * Orders files so that all cores are used to the end: the longest first, the short ones last. Short ones are in blocks by
 * project, since files of one project that follow each other share a process.
 *
 * @template {TimedFile} File
 * @param {readonly File[]} files
 * @returns {File[]}
 */
export function orderFiles(files) {
  const longestFirst = [...files].sort((a, b) => b.elapsedSeconds - a.elapsedSeconds);
  /** @type {File[]} */
  const long = [];
  /** @type {Map<string, File[]>} */
  const blocks = new Map();
  for (const file of longestFirst) {
    if (file.elapsedSeconds > LONG_S) long.push(file);
    else blocks.set(file.project, [...(blocks.get(file.project) ?? []), file]);
  }
  return [...long, ...[...blocks.values()].flat()];
}
