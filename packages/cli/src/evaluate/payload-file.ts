import { isUtf8 } from "node:buffer";
import type { Stats } from "node:fs";
import { type FileHandle, open, readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { getSystemErrorMap } from "node:util";
import type { DecodeError } from "@sortition/core";
import { messageOf } from "@sortition/core/dialect";
import { describeFault, findJsonFault, positionOf } from "@sortition/core/internal";
import { FileError } from "../errors.js";

export interface PayloadFile {
  /** Name in messages, e.g. `--config flags.json`. */
  readonly name: string;
  readonly bytes: Buffer;
  /** When it was read, epoch ms. */
  readonly readAtMs: number;
}

/**
 * Reads a payload.
 *
 * @param option - the option that names the file.
 * @param stdin - the stream to read for `-`; if absent, `-` is the name of a file.
 * @throws FileError if it cannot be read or is not UTF-8.
 */
export async function readPayloadFile(
  option: string,
  path: string,
  stdin?: Readable,
): Promise<PayloadFile> {
  const isStdin = path === "-" && stdin !== undefined;
  const name = `${option} ${isStdin ? "from stdin" : path}`;
  let bytes: Buffer;
  try {
    bytes = isStdin ? await buffer(stdin) : await readFile(path);
  } catch (error) {
    throw new FileError(`${name}: ${systemProblem(error)}`);
  }
  if (isGzip(bytes)) throw new FileError(`${name}: ${GZIP}`);
  if (!isUtf8(bytes)) {
    throw new FileError(`${name}: not UTF-8 at ${place(...firstReplacement(bytes))}`);
  }
  return { name, bytes, readAtMs: Date.now() };
}

/**
 * Opens a file to be read piece by piece.
 *
 * @param name - in messages.
 * @throws FileError
 */
export async function openFile(
  name: string,
  path: string,
): Promise<{ readonly file: FileHandle; readonly stats: Stats }> {
  try {
    const file = await open(path);
    const stats = await file.stat();
    if (!stats.isDirectory()) return { file, stats };
    await file.close();
  } catch (error) {
    throw new FileError(`${name}: ${systemProblem(error)}`);
  }
  // A folder can be opened, but not read: that must be reported before the first result.
  throw new FileError(`${name}: cannot be read: it is a directory`);
}

/** A payload that may come from another thread, where buffers arrive as plain arrays of bytes. */
export function payloadOf(file: PayloadFile): PayloadFile {
  const { buffer, byteLength, byteOffset } = file.bytes;
  return { ...file, bytes: Buffer.from(buffer, byteOffset, byteLength) };
}

/** The error for a payload that cannot be loaded, with line and column if it is not JSON. */
export function payloadError(file: PayloadFile, { path, problem }: DecodeError): FileError {
  return (
    (path === "$" ? jsonFault(file) : null) ?? new FileError(`${file.name}: ${path}: ${problem}`)
  );
}

/** The error for a payload that `JSON.parse` refused. */
export function payloadFault(file: PayloadFile, cause: unknown): FileError {
  return jsonFault(file) ?? new FileError(`${file.name}: not JSON: ${messageOf(cause)}`);
}

/** `null` for JSON. */
function jsonFault(file: PayloadFile): FileError | null {
  const text = file.bytes.toString("utf8").replace(/^\ufeff/, "");
  const fault = findJsonFault(text);
  if (fault === null) return null;
  const where = place(text, fault.offset);
  return new FileError(`${file.name}: not JSON at ${where}: ${describeFault(fault, "file")}`);
}

/** What to do with a compressed file. */
export const GZIP =
  "is compressed by gzip; give what gunzip -c FILE writes, as a file or by - for stdin";

/** Whether bytes are the beginning of a file of gzip. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The system's message for a file that cannot be read. */
export function systemProblem(error: unknown): string {
  return `cannot be read: ${systemReason(error)}`;
}

/** The reason why an operation on a file failed, e.g. `permission denied (EACCES)`. */
export function systemReason(error: unknown): string {
  const { code, errno } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno);
  // Errors of zlib have numbers of their own.
  const isKnown = known !== undefined && known[0] === code;
  return isKnown ? `${known[1]} (${known[0]})` : messageOf(error);
}

function place(text: string, offset: number): string {
  const { line, column } = positionOf(text, offset);
  return `line ${line}, column ${column}`;
}

/** The place of the first byte that is not UTF-8. */
function firstReplacement(bytes: Buffer): [text: string, offset: number] {
  const text = bytes.toString("utf8");
  const encoded = Buffer.from(text);
  const at = encoded.findIndex((byte, i) => byte !== bytes[i]);
  return [text, encoded.subarray(0, at).toString("utf8").length];
}
