import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { FileError } from "../errors.js";
import { reading } from "../evaluate/payload-file.js";
import { count } from "../text/values.js";

/** A file of an input. */
export interface InputFile {
  readonly path: string;
  readonly stats: Stats;
}

/**
 * Returns the files at the given paths, in the given order. The files of a folder are sorted by name. Markers and
 * checksums that engines write next to their files, hidden files, links and folders are ignored.
 *
 * @param note - called with a message for each folder with ignored entries and, if there are several files, for each
 *   empty file.
 * @throws FileError if a file cannot be read or is given twice.
 */
export async function inputFiles(
  paths: readonly string[],
  note: (text: string) => void,
): Promise<readonly InputFile[]> {
  const files: InputFile[] = [];
  for (const path of paths) {
    const stats = await reading(path, stat(path));
    if (!stats.isDirectory()) files.push({ path, stats });
    else files.push(...(await filesIn(path, note)));
  }
  refuseRepeated(files);
  const empty = files.filter(({ stats }) => stats.isFile() && stats.size === 0);
  if (files.length > 1) for (const { path } of empty) note(`${path}: the file is empty`);
  return files;
}

async function filesIn(
  folder: string,
  note: (text: string) => void,
): Promise<readonly InputFile[]> {
  const entries = await reading(folder, readdir(folder, { withFileTypes: true }));
  const wanted = entries.filter((entry) => entry.isFile() && !isMarker(entry.name));
  if (wanted.length === 0) throw new FileError(`${folder}: the folder contains no data files`);
  const others = entries.length - wanted.length;
  if (others > 0) {
    note(
      `${folder}: ignored ${count(others)} of ${count(entries.length)} entries (markers, checksums, hidden files, links or folders)`,
    );
  }
  const names = wanted.map(({ name }) => name).sort((a, b) => (a < b ? -1 : 1));
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { path, stats: await reading(path, stat(path)) };
    }),
  );
}

/** Matches names such as `_SUCCESS`, `_committed_1` and `.part-0.csv.crc`. */
function isMarker(name: string): boolean {
  return /^[._]/.test(name) || name.endsWith(".crc");
}

function refuseRepeated(files: readonly InputFile[]): void {
  const known = new Map<string, string>();
  for (const { path, stats } of files) {
    if (!stats.isFile()) continue;
    const id = `${stats.dev}:${stats.ino}`;
    const former = known.get(id);
    if (former !== undefined) {
      const as = former === path ? "" : `, also as ${former}`;
      throw new FileError(`${path}: the file is given twice${as}`);
    }
    known.set(id, path);
  }
}
