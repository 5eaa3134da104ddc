import { constants, type FileHandle, open } from "node:fs/promises";
import { isAbsolute } from "node:path";
import type { Frame } from "./frame.js";

/** Number of lines before and after a frame's line. */
const LINES_AROUND = 7;
const MAX_LINE_NUMBER = 10_000;
const MAX_COLUMN = 1_000;
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_FILES = 25;
const MAX_LINE_LENGTH = 150;
const SNIPPET_LENGTH = 140;

/** Lines of a file by number, starting with 1. `null` if the file cannot be read. */
type Lines = ReadonlyMap<number, string> | null;

/** Reads the source code around frames. Caches the lines of recently used files. */
export class SourceLines {
  readonly #files = new Map<string, Lines>();
  #last: Promise<void> = Promise.resolve();

  /** Adds `pre_context`, `context_line` and `post_context` to frames whose source can be read. */
  addTo(frames: readonly Frame[]): Promise<void> {
    // Runs sequentially, so that exceptions keep their order and do not replace each other's lines.
    this.#last = this.#last.then(() => this.#addTo(frames));
    return this.#last;
  }

  async #addTo(frames: readonly Frame[]): Promise<void> {
    const wanted = new Map<string, Set<number>>();
    for (const { filename, lineno, colno = 0 } of frames) {
      if (filename === undefined || lineno === undefined || !isReadable(filename)) continue;
      if (lineno > MAX_LINE_NUMBER || colno > MAX_COLUMN) continue;
      const numbers = wanted.get(filename) ?? new Set();
      wanted.set(filename, numbers);
      for (let i = firstLine(lineno); i <= lineno + LINES_AROUND; i++) numbers.add(i);
    }
    await Promise.all([...wanted].map(([filename, numbers]) => this.#read(filename, numbers)));
    for (const frame of frames) {
      const lines = frame.filename === undefined ? null : this.#files.get(frame.filename);
      if (lines && frame.lineno !== undefined) addLines(frame, frame.lineno, lines);
    }
    for (const filename of this.#files.keys()) {
      if (this.#files.size <= MAX_FILES) break;
      this.#files.delete(filename);
    }
  }

  async #read(filename: string, numbers: ReadonlySet<number>): Promise<void> {
    const known = this.#files.get(filename);
    this.#files.delete(filename);
    const hasAll =
      known !== undefined && (known === null || [...numbers].every((it) => known.has(it)));
    this.#files.set(filename, hasAll ? known : await readLines(filename, numbers, known));
  }
}

function isReadable(filename: string): boolean {
  return isAbsolute(filename) && !/\.min\.[cm]?js$/.test(filename);
}

function firstLine(lineno: number): number {
  return Math.max(1, lineno - LINES_AROUND);
}

async function readLines(
  filename: string,
  numbers: ReadonlySet<number>,
  known: Lines | undefined,
): Promise<Lines> {
  const text = await readSmallFile(filename);
  if (text === null) return null;
  const found = new Map(known);
  const all = text.split(/\r\n?|\n/);
  // A line break at the end of the file starts no further line.
  if (all.at(-1) === "") all.pop();
  for (const number of numbers) {
    const line = all[number - 1];
    if (line !== undefined) found.set(number, snippetOf(line));
  }
  return found;
}

/** Returns `null` if the file cannot be read, is not a regular file, or is too large. */
async function readSmallFile(filename: string): Promise<string | null> {
  let file: FileHandle | null = null;
  try {
    // Without `O_NONBLOCK`, opening a pipe would wait for its writer.
    file = await open(filename, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    return stat.isFile() && stat.size <= MAX_FILE_BYTES ? await file.readFile("utf8") : null;
  } catch {
    return null;
  } finally {
    await file?.close().catch(() => {});
  }
}

/** Truncates a long line. */
function snippetOf(line: string): string {
  return line.length > MAX_LINE_LENGTH ? `${line.slice(0, SNIPPET_LENGTH)}...` : line;
}

function addLines(frame: Frame, lineno: number, lines: ReadonlyMap<number, string>): void {
  const line = lines.get(lineno);
  const start = firstLine(lineno);
  const before = linesBetween(lines, start, lineno);
  // With source maps, a frame may refer to a line that does not exist in its file.
  if (line === undefined || before.length < lineno - start) return;
  frame.pre_context = before;
  frame.context_line = line;
  frame.post_context = linesBetween(lines, lineno + 1, lineno + 1 + LINES_AROUND);
}

/** Returns the lines from `start` (inclusive) to `end` (exclusive), up to the first missing one. */
function linesBetween(
  lines: ReadonlyMap<number, string>,
  start: number,
  end: number,
): readonly string[] {
  const found: string[] = [];
  for (let i = start; i < end; i++) {
    const line = lines.get(i);
    if (line === undefined) break;
    found.push(line);
  }
  return found;
}
