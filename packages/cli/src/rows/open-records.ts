import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { constants, createGunzip, gunzipSync } from "node:zlib";
import { FileError, UsageError } from "../errors.js";
import { GZIP, isGzip, reading, systemProblem } from "../evaluate/payload-file.js";
import type { Io } from "../io.js";
import { type InputFile, inputFiles } from "./input-files.js";
import { type InputStream, readPartOf, stdinStream } from "./input-stream.js";
import { HEAD_BYTES, type OtherFormat, otherFormat, otherFormatProblem } from "./other-formats.js";
import type { RawRecord, RowFormat } from "./record.js";
import { formatIn, type RecordReader, recordReaderFor, showsFormat } from "./record-reader.js";
import type { Separator } from "./separator.js";

/** Size of the chunks that are read from a file. With the usual 64 KiB, the overhead exceeds the cost of the rows. */
const PIECE_BYTES = 262_144;
/** Number of bytes needed to recognise gzip. A pipe may deliver them one by one. */
const GZIP_BYTES = 2;

/** The records of one chunk of an input. */
export interface RecordBatch {
  /** The format; `null` until the header was read. Until then, no record has bytes. */
  readonly format: RowFormat | null;
  /** The file that contains them; `null` if there is only one file. */
  readonly file: string | null;
  readonly records: readonly RawRecord[];
  /** Fraction of the input that was read so far; `null` if its size is unknown. */
  readonly readPart: number | null;
}

/** The records of an input. Can be iterated once, and throws a `FileError` if reading fails. */
export type RecordInput = AsyncIterable<RecordBatch>;

/** How an input is opened. */
export interface OpenOptions {
  /** Paths of files and folders, or `["-"]` for stdin. */
  readonly paths: readonly string[];
  /** The CSV separator; `null` detects it from the header. */
  readonly separator: Separator | null;
  /** The name of the command, for messages. */
  readonly command: string;
  /**
   * Checks the header of the only file, if it is CSV.
   *
   * @throws UsageError
   */
  checkHeader?(header: readonly string[]): void;
  /** Receives a message about each ignored or empty file. */
  note(text: string): void;
}

/** How the bytes of a stream become records. */
export interface Splitting {
  /** The file to name in batches; `null` if there is only one file. */
  readonly file: string | null;
  /** Whether gzip is decompressed. Otherwise, it is an error. */
  readonly isUnpacked: boolean;
  /**
   * Chooses a reader.
   *
   * @param start - the first bytes, decompressed.
   * @throws FileError if the stream has another format.
   */
  readerFor(start: Buffer, input: InputStream, isPacked: boolean): RecordReader;
  /** Fraction of the whole input that was read so far; `null` if its size is unknown. */
  readPart(): number | null;
  /** @throws UsageError */
  checkHeader?(header: readonly string[]): void;
}

/**
 * Opens files as one input. Each file is NDJSON or CSV with a header, optionally compressed with gzip, which is
 * detected from its content. If a file grows, it is read up to its size at the start.
 *
 * @throws FileError if a file cannot be opened or has another format.
 */
export async function openRecords(options: OpenOptions, io: Io): Promise<RecordInput> {
  const { note, paths } = options;
  if (paths[0] === "-") {
    const stdin = stdinStream("stdin", io);
    return batchesOf(
      stdin,
      splittingOf(options, null, () => readPartOf(stdin)),
    );
  }
  const files = await inputFiles(paths, note);
  await refuseOtherFormats(files, options.command);
  return batchesOfAll(files, options);
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
    const splitting = splittingOf(options, files.length > 1 ? path : null, readPart);
    yield* batchesOf({ name: path, path, stream, sizeBytes: stats.size }, splitting);
    formerBytes += stats.size;
  }
}

function splittingOf(
  { checkHeader, command, separator }: OpenOptions,
  file: string | null,
  readPart: Splitting["readPart"],
): Splitting {
  return {
    file,
    isUnpacked: true,
    readPart,
    readerFor(start, { name, path }, isPacked) {
      const other = otherFormat(start);
      if (other === null) return recordReaderFor(start, separator);
      const paths = path === null ? [] : [path];
      throw new FileError(`${name}: ${otherFormatProblem(other, paths, isPacked, `${command} -`)}`);
    },
    ...(file !== null || checkHeader === undefined ? {} : { checkHeader }),
  };
}

/** Reads the records of a stream, in batches. */
export async function* batchesOf(
  input: InputStream,
  { checkHeader, file, isUnpacked, readerFor, readPart }: Splitting,
): AsyncGenerator<RecordBatch, void> {
  let isChecked = false;
  const batchWith = (records: readonly RawRecord[], format: RowFormat | null): RecordBatch => {
    if (!isChecked && format?.kind === "csv") {
      refuseRepeated(format.header, input.name);
      checkHeader?.(format.header);
    }
    isChecked ||= format !== null;
    return { records, file, format, readPart: readPart() };
  };
  let reader: RecordReader | null = null;
  let start = Buffer.alloc(0);
  try {
    const { content, isPacked } = await unpacked(input.stream);
    if (isPacked && !isUnpacked) throw new FileError(`${input.name}: ${GZIP}`);
    for await (const chunk of content) {
      let piece: Buffer = chunk;
      if (reader === null) {
        piece = start = Buffer.concat([start, chunk]);
        // The first lines may be blank, and the first chunk may be only a byte order mark.
        if (!showsFormat(piece)) continue;
        reader = readerFor(start, input, isPacked);
      }
      const records = [...reader.push(piece)];
      yield batchWith(records, reader.format);
    }
    const last: RawRecord[] = [];
    if (reader === null && start.length > 0) {
      reader = readerFor(start, input, isPacked);
      last.push(...reader.push(start));
    }
    if (reader !== null) {
      last.push(...reader.end());
      yield batchWith(last, reader.format);
    }
  } catch (error) {
    if (error instanceof FileError || error instanceof UsageError) throw error;
    throw new FileError(`${input.name}: ${systemProblem(error)}`);
  } finally {
    input.stream.destroy();
  }
}

/** @throws FileError if two columns have the same name. */
function refuseRepeated(header: readonly string[], name: string): void {
  const again = header.find((it, i) => it !== "" && header.indexOf(it) !== i);
  if (again === undefined) return;
  throw new FileError(
    `${name}: two columns are named ${JSON.stringify(again)}. Rename or remove one of them`,
  );
}

/** Checks all files before anything is written to stdout, because results must cover the whole input. */
async function refuseOtherFormats(files: readonly InputFile[], command: string): Promise<void> {
  let first: { readonly path: string; readonly format: string } | null = null;
  const others: { path: string; isPacked: boolean; format: OtherFormat }[] = [];
  for (const { path, stats } of files) {
    if (!stats.isFile() || stats.size === 0) continue;
    const head = await reading(path, headOf(path));
    const start = isGzip(head) ? unpackedHead(head) : head;
    const other = otherFormat(start);
    if (other !== null) others.push({ path, isPacked: start !== head, format: other });
    const format = other === null ? formatIn(start) : null;
    if (format === null) continue;
    first ??= { path, format };
    if (others.length === 0 && first.format !== format) {
      throw new FileError(
        `${path} is ${format}, but ${first.path} is ${first.format}. All files must have the same format`,
      );
    }
  }
  const [other] = others;
  if (other === undefined) return;
  const { format, isPacked, path } = other;
  // The suggested command covers all files of this format. A command for the first one only would lose the others.
  const paths = others.filter((it) => it.format === format).map((it) => it.path);
  throw new FileError(`${path}: ${otherFormatProblem(format, paths, isPacked, `${command} -`)}`);
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Decompresses the beginning of a gzip file; empty if the file is damaged, which is reported when it is read. */
function unpackedHead(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}

/** Returns the content, decompressed if it starts with the magic bytes of gzip. */
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
  // A failure of either stream is thrown by the reader of the decompressed stream.
  const packed = Readable.from(content, { objectMode: false });
  return { content: pipeline(packed, createGunzip(), () => {}), isPacked: true };
}

async function* joined(
  first: IteratorResult<Buffer, void>,
  chunks: AsyncIterator<Buffer, void>,
): AsyncGenerator<Buffer, void> {
  for (let next = first; next.done !== true; next = await chunks.next()) yield next.value;
}
