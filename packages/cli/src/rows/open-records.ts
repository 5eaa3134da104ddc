import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { constants, createGunzip, gunzipSync } from "node:zlib";
import { FileError, UsageError } from "../errors.js";
import { isGzip, systemProblem } from "../evaluate/payload-file.js";
import type { Io } from "../io.js";
import { type InputFile, inputFiles } from "./input-files.js";
import { HEAD_BYTES, type OtherFormat, otherFormat, otherFormatProblem } from "./other-formats.js";
import type { RawRecord, RowFormat } from "./record.js";
import { formatIn, type RecordReader, recordReaderFor, showsFormat } from "./record-reader.js";
import type { Separator } from "./separator.js";

/** Bytes that are read of a file at a time: pieces of the usual 64 KiB cost more than their rows. */
const PIECE_BYTES = 262_144;
/** First bytes by which gzip is recognised. A pipe may deliver them one by one. */
const GZIP_BYTES = 2;

/** Records of one piece of an input. */
export interface RecordBatch {
  /** `null`: no header is read yet; then none of the records has bytes. */
  readonly format: RowFormat | null;
  /** The file that they are of; `null`: there is one alone. */
  readonly file: string | null;
  readonly records: readonly RawRecord[];
  /** How much of the input has been read so far, 0 … 1; `null`: its size is not known. */
  readonly readPart: number | null;
}

export interface RecordInput {
  /** The records of each piece that was read. To be read once. Fails with a `FileError`. */
  readonly batches: AsyncIterable<RecordBatch>;
}

/** How an input is opened. */
export interface OpenOptions {
  /** `["-"]`: stdin. */
  readonly paths: readonly string[];
  /** Of CSV; `null`: the header shows it. */
  readonly separator: Separator | null;
  /** The name of the command, for messages. */
  readonly command: string;
  /**
   * Checks the header of the only file, if it is CSV.
   *
   * @throws UsageError
   */
  checkHeader?(header: readonly string[]): void;
  /** Gets a line about each file that is left out, or empty. */
  note(text: string): void;
}

/** What one stream of an input is. */
interface Part {
  /** `null`: stdin. */
  readonly path: string | null;
  readonly stream: Readable;
}

/**
 * Opens files of NDJSON, or of CSV with a header each, as one input; each may be compressed by gzip. The content says which it
 * is. A file that grows is read to where it ended at the start.
 *
 * @throws FileError if one cannot be opened, or is of another format.
 */
export async function openRecords(options: OpenOptions, io: Io): Promise<RecordInput> {
  const { note, paths } = options;
  if (paths[0] === "-") {
    return { batches: batchesOf({ path: null, stream: io.stdin }, null, options, () => null) };
  }
  const files = await inputFiles(paths, note);
  await refuseOtherFormats(files, options.command);
  return { batches: batchesOfAll(files, options) };
}

async function* batchesOfAll(
  files: readonly InputFile[],
  options: OpenOptions,
): AsyncGenerator<RecordBatch, void> {
  const hasSizes = files.every(({ stats }) => stats.isFile());
  const allBytes = files.reduce((sum, { stats }) => sum + stats.size, 0);
  let formerBytes = 0;
  for (const { path, stats } of files) {
    if (stats.isFile() && stats.size === 0) continue;
    const end = stats.isFile() ? { end: stats.size - 1 } : {};
    const stream = createReadStream(path, { highWaterMark: PIECE_BYTES, ...end });
    const before = formerBytes;
    const readPart = () => (hasSizes ? (before + stream.bytesRead) / allBytes : null);
    yield* batchesOf({ path, stream }, files.length > 1 ? path : null, options, readPart);
    formerBytes += stats.size;
  }
}

async function* batchesOf(
  { path, stream }: Part,
  file: string | null,
  options: OpenOptions,
  readPart: () => number | null,
): AsyncGenerator<RecordBatch, void> {
  const { command, separator } = options;
  const name = path ?? "stdin";
  let isChecked = file !== null;
  const batchWith = (records: readonly RawRecord[], format: RowFormat | null): RecordBatch => {
    if (!isChecked && format?.kind === "csv") options.checkHeader?.(format.header);
    isChecked ||= format !== null;
    return { records, file, format, readPart: readPart() };
  };
  let reader: RecordReader | null = null;
  let start = Buffer.alloc(0);
  try {
    const { content, isPacked } = await unpacked(stream);
    const readerFor = (): RecordReader => {
      const other = otherFormat(start);
      if (other !== null) {
        const paths = path === null ? [] : [path];
        const problem = otherFormatProblem(other, paths, isPacked, `${command} -`);
        throw new FileError(`${name}: ${problem}`);
      }
      return recordReaderFor(start, separator);
    };
    for await (const chunk of content) {
      let piece: Buffer = chunk;
      if (reader === null) {
        piece = start = Buffer.concat([start, chunk]);
        // The first lines may be blank, and the first piece a byte order mark.
        if (!showsFormat(piece)) continue;
        reader = readerFor();
      }
      const records = [...reader.push(piece)];
      yield batchWith(records, reader.format);
    }
    const last: RawRecord[] = [];
    if (reader === null && start.length > 0) {
      reader = readerFor();
      last.push(...reader.push(start));
    }
    if (reader !== null) {
      last.push(...reader.end());
      yield batchWith(last, reader.format);
    }
  } catch (error) {
    if (error instanceof FileError || error instanceof UsageError) throw error;
    throw new FileError(`${name}: ${systemProblem(error)}`);
  } finally {
    stream.destroy();
  }
}

/** Before anything is read: what is written to stdout must be of the whole input. */
async function refuseOtherFormats(files: readonly InputFile[], command: string): Promise<void> {
  let first: { readonly path: string; readonly format: string } | null = null;
  const others: { path: string; isPacked: boolean; format: OtherFormat }[] = [];
  for (const { path, stats } of files) {
    if (!stats.isFile() || stats.size === 0) continue;
    const head = await headOf(path);
    const start = isGzip(head) ? unpackedHead(head) : head;
    const other = otherFormat(start);
    if (other !== null) others.push({ path, isPacked: start !== head, format: other });
    const format = other === null ? formatIn(start) : null;
    if (format === null) continue;
    first ??= { path, format };
    if (others.length === 0 && first.format !== format) {
      throw new FileError(
        `${path}: it is ${format}, and ${first.path} is ${first.format}: give files of one format`,
      );
    }
  }
  const [other] = others;
  if (other === undefined) return;
  const { format, isPacked, path } = other;
  // One command for all files of this format: that for the first one would lose the others.
  const paths = others.filter((it) => it.format === format).map((it) => it.path);
  throw new FileError(`${path}: ${otherFormatProblem(format, paths, isPacked, `${command} -`)}`);
}

async function headOf(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new FileError(`${path}: ${systemProblem(error)}`);
  }
}

/** What the beginning of a file of gzip unpacks to; nothing if it is damaged, which is reported when it is read. */
function unpackedHead(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}

/** The content, unpacked if it begins with the magic bytes of gzip. */
async function unpacked(
  stream: Readable,
): Promise<{ readonly content: AsyncIterable<Buffer>; readonly isPacked: boolean }> {
  const chunks: AsyncIterator<Buffer, void> = stream[Symbol.asyncIterator]();
  let first = await chunks.next();
  while (first.done !== true && first.value.length < GZIP_BYTES) {
    const next = await chunks.next();
    if (next.done === true) break;
    first = { done: false, value: Buffer.concat([first.value, next.value]) };
  }
  const content = joined(first, chunks);
  if (first.done === true || !isGzip(first.value)) return { content, isPacked: false };
  // A failure of either stream is thrown where the unpacked one is read.
  const packed = Readable.from(content, { objectMode: false });
  return { content: pipeline(packed, createGunzip(), () => {}), isPacked: true };
}

async function* joined(
  first: IteratorResult<Buffer, void>,
  chunks: AsyncIterator<Buffer, void>,
): AsyncGenerator<Buffer, void> {
  for (let next = first; next.done !== true; next = await chunks.next()) yield next.value;
}
