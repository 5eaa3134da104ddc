import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { FileError } from "../errors.js";
import { reading } from "../evaluate/payload-file.js";

/** A file in a folder of revisions. */
export interface RevisionFile {
  readonly path: string;
  /** Modification time of the file, in epoch ms. */
  readonly writtenAtMs: number;
}

/**
 * Lists the files in a folder of revisions, the oldest first.
 *
 * @throws FileError if the folder or a file cannot be read, or the folder has no `.json` file.
 */
export async function revisionFiles(folder: string): Promise<readonly RevisionFile[]> {
  const entries = await reading(`--history ${folder}`, readdir(folder));
  const names = entries.filter((name) => name.endsWith(".json"));
  if (names.length === 0) throw new FileError(`--history ${folder}: the folder has no *.json file`);
  const files = names.map(async (name) => {
    const path = join(folder, name);
    return { path, writtenAtMs: (await reading(path, stat(path))).mtimeMs };
  });
  return (await Promise.all(files)).sort(
    (a, b) =>
      a.writtenAtMs - b.writtenAtMs || a.path.localeCompare(b.path, "en", { numeric: true }),
  );
}
