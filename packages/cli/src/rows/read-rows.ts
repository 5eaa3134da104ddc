import { open } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { FileError } from "../errors.js";
import { isGzip, systemProblem } from "../evaluate/payload-file.js";
import type { Io } from "../io.js";
import type { Row } from "./row.js";
import { type RowReader, readerFor } from "./row-reader.js";

/** An input of rows. */
export interface RowInput {
  /** Name in messages. */
  readonly name: string;
  /** The rows of each piece that was read. To be read once. Fails with a `FileError`. */
  readonly batches: AsyncIterable<readonly Row[]>;
}

/**
 * Opens NDJSON, or CSV with a header; both may be compressed by gzip. The content says which it is.
 *
 * @param path - `-`: stdin.
 * @throws FileError if the file cannot be opened.
 */
export async function openRows(path: string, io: Io): Promise<RowInput> {
  if (path === "-") return { name: "stdin", batches: batchesOf("stdin", io.stdin) };
  try {
    const file = await open(path);
    if ((await file.stat()).isDirectory()) {
      await file.close();
      throw new FileError(`${path}: cannot be read: it is a directory`);
    }
    return { name: path, batches: batchesOf(path, file.createReadStream()) };
  } catch (error) {
    throw error instanceof FileError ? error : new FileError(`${path}: ${systemProblem(error)}`);
  }
}

async function* batchesOf(name: string, stream: Readable): AsyncGenerator<readonly Row[], void> {
  let reader: RowReader | null = null;
  try {
    for await (const chunk of await plain(stream)) {
      reader ??= readerFor(chunk);
      yield [...reader.push(chunk)];
    }
    if (reader !== null) yield [...reader.end()];
  } catch (error) {
    throw new FileError(`${name}: ${systemProblem(error)}`);
  } finally {
    stream.destroy();
  }
}

/** The content, unpacked if its first bytes are those of gzip. */
async function plain(stream: Readable): Promise<Readable> {
  const chunks: AsyncIterator<Buffer, void> = stream[Symbol.asyncIterator]();
  const first = await chunks.next();
  const content = Readable.from(joined(first, chunks), { objectMode: false });
  if (first.done === true || !isGzip(first.value)) return content;
  // A failure of either stream is thrown where the unpacked one is read.
  return pipeline(content, createGunzip(), () => {});
}

async function* joined(
  first: IteratorResult<Buffer, void>,
  chunks: AsyncIterator<Buffer, void>,
): AsyncGenerator<Buffer, void> {
  for (let next = first; next.done !== true; next = await chunks.next()) yield next.value;
}
