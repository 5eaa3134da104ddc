import { fstatSync } from "node:fs";
import type { Readable } from "node:stream";
import { openFile } from "../evaluate/payload-file.js";
import type { Io } from "../io.js";

/** One stream of an input. */
export interface InputStream {
  /** Name in messages. */
  readonly name: string;
  /** Path of the file; `null` for stdin. */
  readonly path: string | null;
  readonly stream: Readable & { readonly bytesRead?: number };
  /** Size of the stream; `null` if unknown. */
  readonly sizeBytes: number | null;
}

/** Stdin as an input. Its size is known if the shell opened a file. */
export function stdinStream(name: string, { stdin }: Io): InputStream {
  return { name, path: null, stream: stdin, sizeBytes: sizeOf(stdin) };
}

/**
 * Opens a file as an input.
 *
 * @param option - the option that names the file, for messages.
 * @throws FileError
 */
export async function fileStream(option: string, path: string): Promise<InputStream> {
  const name = `${option} ${path}`;
  const { file, stats } = await openFile(name, path);
  const sizeBytes = stats.isFile() ? stats.size : null;
  return { name, path, stream: file.createReadStream(), sizeBytes };
}

/** Fraction of a stream that was read so far; `null` if its size is unknown. */
export function readPartOf({ sizeBytes, stream: { bytesRead } }: InputStream): number | null {
  return sizeBytes === null || sizeBytes === 0 || bytesRead === undefined
    ? null
    : bytesRead / sizeBytes;
}

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
