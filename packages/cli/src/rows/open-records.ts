import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { FileError } from "../errors.js";
import { isGzip, openFile, systemProblem } from "../evaluate/payload-file.js";
import type { Io } from "../io.js";
import type { RawRecord, RowFormat } from "./record.js";
import { type RecordReader, recordReaderFor, showsFormat } from "./record-reader.js";

/** Bytes that are read of a file at a time: pieces of the usual 64 KiB cost more than their rows. */
const PIECE_BYTES = 262_144;

/** First bytes by which gzip is recognised. A pipe may deliver them one by one. */
const GZIP_BYTES = 2;

/** Records of one piece of an input. */
export interface RecordBatch {
  /** `null`: no header is read yet; then none of the records has bytes. */
  readonly format: RowFormat | null;
  readonly records: readonly RawRecord[];
  /** How much of the input has been read so far, 0 … 1; `null`: its size is not known. */
  readonly readPart: number | null;
}

export interface RecordInput {
  /** Name in messages. */
  readonly name: string;
  /** The records of each piece that was read. To be read once. Fails with a `FileError`. */
  readonly batches: AsyncIterable<RecordBatch>;
}

/**
 * Opens NDJSON, or CSV with a header; both may be compressed by gzip. The content says which it is.
 *
 * @param path - `-`: stdin.
 * @throws FileError if the file cannot be opened.
 */
export async function openRecords(path: string, io: Io): Promise<RecordInput> {
  if (path === "-") return { name: "stdin", batches: batchesOf("stdin", io.stdin, () => null) };
  const { file, stats } = await openFile(path, path);
  const stream = file.createReadStream({ highWaterMark: PIECE_BYTES });
  const readPart = () => (stats.size > 0 ? stream.bytesRead / stats.size : null);
  return { name: path, batches: batchesOf(path, stream, readPart) };
}

async function* batchesOf(
  name: string,
  stream: Readable,
  readPart: () => number | null,
): AsyncGenerator<RecordBatch, void> {
  let reader: RecordReader | null = null;
  let blank = Buffer.alloc(0);
  try {
    for await (const chunk of await plain(stream)) {
      let piece: Buffer = chunk;
      if (reader === null) {
        piece = blank = Buffer.concat([blank, chunk]);
        // The first lines may be blank, and the first piece a byte order mark.
        if (!showsFormat(piece)) continue;
        reader = recordReaderFor(piece);
      }
      const records = [...reader.push(piece)];
      yield { records, format: reader.format, readPart: readPart() };
    }
    if (reader !== null) {
      const records = [...reader.end()];
      yield { records, format: reader.format, readPart: readPart() };
    }
  } catch (error) {
    throw new FileError(`${name}: ${systemProblem(error)}`);
  } finally {
    stream.destroy();
  }
}

/** The content, unpacked if it begins with the magic bytes of gzip. */
async function plain(stream: Readable): Promise<AsyncIterable<Buffer>> {
  const chunks: AsyncIterator<Buffer, void> = stream[Symbol.asyncIterator]();
  let first = await chunks.next();
  while (first.done !== true && first.value.length < GZIP_BYTES) {
    const next = await chunks.next();
    if (next.done === true) break;
    first = { done: false, value: Buffer.concat([first.value, next.value]) };
  }
  const content = joined(first, chunks);
  if (first.done === true || !isGzip(first.value)) return content;
  // A failure of either stream is thrown where the unpacked one is read.
  return pipeline(Readable.from(content, { objectMode: false }), createGunzip(), () => {});
}

async function* joined(
  first: IteratorResult<Buffer, void>,
  chunks: AsyncIterator<Buffer, void>,
): AsyncGenerator<Buffer, void> {
  for (let next = first; next.done !== true; next = await chunks.next()) yield next.value;
}
