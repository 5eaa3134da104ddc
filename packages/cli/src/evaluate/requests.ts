import { fstatSync } from "node:fs";
import type { Readable } from "node:stream";
import type { Io } from "../io.js";
import { openFile } from "./payload-file.js";

export interface Requests {
  /** Name in messages. */
  readonly name: string;
  /** `null`: stdin. */
  readonly path: string | null;
  readonly stream: Readable;
  /** Size of the input; `null` if unknown. */
  readonly sizeBytes: number | null;
}

/**
 * Opens the requests.
 *
 * @param path - the path of the file; `null` reads stdin.
 * @throws FileError if the file cannot be opened.
 */
export async function openRequests(path: string | null, io: Io): Promise<Requests> {
  if (path === null)
    return { name: "requests from stdin", path, stream: io.stdin, sizeBytes: sizeOf(io.stdin) };
  const name = `--requests ${path}`;
  const { file, stats } = await openFile(name, path);
  return {
    name,
    path,
    stream: file.createReadStream(),
    sizeBytes: stats.isFile() ? stats.size : null,
  };
}

/** Returns the size of a file that the shell opened as stdin; `null` for a pipe or a terminal. */
function sizeOf(stdin: Readable): number | null {
  const fd = "fd" in stdin ? stdin.fd : null;
  if (typeof fd !== "number") return null;
  try {
    const stats = fstatSync(fd);
    return stats.isFile() ? stats.size : null;
  } catch {
    return null;
  }
}
