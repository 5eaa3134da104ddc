import { isUtf8 } from "node:buffer";
import type { Stats } from "node:fs";
import { type FileHandle, open, readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { getSystemErrorMap } from "node:util";
import type { DecodeError } from "@sortition/core";
import { messageOf } from "@sortition/core/dialect-internal";
import {
  describeFault,
  findJsonFault,
  isYaml,
  positionOf,
  utf16Problem,
} from "@sortition/core/internal";
import { FileError } from "../errors.js";

export interface PayloadFile {
  /** Name in messages, e.g. `--config flags.json`. */
  readonly name: string;
  readonly bytes: Buffer;
  /** Time at which the file was read, in epoch ms. */
  readonly readAtMs: number;
}

/** A vendor's key. It may be secret, so that messages must not repeat it. */
const KEY = /^(?:sdk|mob|phc|phx|phs|client|server|secret)[-_](?=.*\d)[\w-]+$/;

/**
 * Reads a payload.
 *
 * @param option - the option that names the file, for messages.
 * @param stdin - the stream to read for `-`. If absent, `-` is treated as a file name.
 * @throws FileError if the file cannot be read or is not UTF-8.
 */
export async function readPayloadFile(
  option: string,
  path: string,
  stdin?: Readable,
): Promise<PayloadFile> {
  const isStdin = path === "-" && stdin !== undefined;
  const name = `${option} ${isStdin ? "from stdin" : path}`.trimEnd();
  let bytes: Buffer;
  try {
    bytes = isStdin ? await buffer(stdin) : await readFile(path);
  } catch (error) {
    if (/^https?:/.test(path)) {
      throw new FileError(`${name}: is an address: download the file first, and pass its path`);
    }
    if (KEY.test(path)) throw new FileError(`${option}: is a key: pass a file with the payload`);
    throw new FileError(`${name}: ${systemProblem(error)}`);
  }
  if (isGzip(bytes)) throw new FileError(`${name}: ${GZIP}`);
  if (!isUtf8(bytes)) {
    const problem = utf16Problem(bytes) ?? `not UTF-8 at ${place(...firstReplacement(bytes))}`;
    throw new FileError(`${name}: ${problem}`);
  }
  return { name, bytes, readAtMs: Date.now() };
}

/**
 * Waits for a file or folder to be read.
 *
 * @param name - the name in messages.
 * @throws FileError
 */
export async function reading<Content>(name: string, work: Promise<Content>): Promise<Content> {
  try {
    return await work;
  } catch (error) {
    throw new FileError(`${name}: ${systemProblem(error)}`);
  }
}

/**
 * Opens a file for reading it in chunks.
 *
 * @param name - the name in messages.
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
  // On POSIX systems, a directory can be opened but not read. Report this before the first result is written.
  throw new FileError(`${name}: cannot be read because it is a directory: pass a file`);
}

/** Returns the error for a payload that cannot be loaded, with line and column if it is not JSON. */
export function payloadError(file: PayloadFile, { path, problem }: DecodeError): FileError {
  return (
    (path === "$" ? jsonFault(file) : null) ?? new FileError(`${file.name}: ${path}: ${problem}`)
  );
}

/** Returns the error for a payload that `JSON.parse` rejected. */
export function payloadFault(file: PayloadFile, cause: unknown): FileError {
  return jsonFault(file) ?? new FileError(`${file.name}: not JSON: ${messageOf(cause)}`);
}

/** Returns the error for a syntax error; `null` if the file is valid JSON. */
function jsonFault(file: PayloadFile): FileError | null {
  const text = file.bytes.toString("utf8").replace(/^\ufeff/, "");
  const fault = findJsonFault(text);
  if (fault === null) return null;
  // These files are the user's own, and not a vendor's.
  const isOwn = /^--(map|manifest) /.test(file.name);
  if (/\.ya?ml$/i.test(file.name) || isYaml(text)) {
    const form = isOwn ? "write it as JSON" : "pass the vendor's payload, which is JSON, unchanged";
    return new FileError(`${file.name}: is YAML: ${form}`);
  }
  const where = place(text, fault.offset);
  const isLines = fault.expected === "the end" && fault.found === "{";
  const isCode = /\.[cm]?[jt]sx?$/.test(file.name);
  const advice = isLines
    ? ": a configuration is one JSON value, not a line for each"
    : fault.found === "<"
      ? ": it is HTML or XML; download the vendor's payload again"
      : isCode
        ? `: it is code; pass ${isOwn ? "JSON" : "the vendor's payload, such as flags.json"}`
        : fault.found === null
          ? `: the file is ${text.trim() === "" ? "empty" : "cut off"}; download it again`
          : "";
  return new FileError(
    `${file.name}: not JSON at ${where}: ${describeFault(fault, "file")}${advice}`,
  );
}

/** The message for a compressed file. */
export const GZIP = "the file is compressed with gzip. Decompress it with gunzip first";

/** Whether the bytes begin with the signature of gzip. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

const ADVICE: Readonly<Record<string, string>> = {
  EISDIR: ": pass a file",
  ENOTDIR: ": a folder in its path is a file",
};

/** Describes why a file or folder cannot be read, and what to pass. */
export function systemProblem(error: unknown): string {
  const { code, path = "" } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  if (code === "ENOENT" && path === "") return "is blank: is the variable with the path set?";
  const isJson = /^\s*[[{]/.test(path);
  const missing = isJson ? ": write the JSON to a file, and pass its path" : ": is the path right?";
  const advice = code === "ENOENT" ? missing : (ADVICE[`${code}`] ?? "");
  return `cannot be read: ${systemReason(error)}${advice}`;
}

const WRITE_ADVICE: Readonly<Record<string, string>> = {
  EISDIR: ": pass a file",
  EEXIST: ": pass a folder",
  ENOTDIR: ": a folder in its path is a file",
  ENOENT: ": does its folder exist?",
};

/** Describes why a file cannot be written, and what to pass. */
export function writeProblem(error: unknown): string {
  const { code } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return `cannot write the file: ${systemReason(error)}${WRITE_ADVICE[`${code}`] ?? ""}`;
}

/** Returns the reason why a file operation failed, e.g. `permission denied (EACCES)`. */
function systemReason(error: unknown): string {
  const { code, errno } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno);
  // The code is compared too, because zlib's error numbers overlap with the system's.
  const isKnown = known !== undefined && known[0] === code;
  return isKnown ? `${known[1]} (${known[0]})` : messageOf(error);
}

function place(text: string, offset: number): string {
  const { line, column } = positionOf(text, offset);
  return `line ${line}, column ${column}`;
}

/** Finds the first byte that is not UTF-8. */
function firstReplacement(bytes: Buffer): [text: string, offset: number] {
  const text = bytes.toString("utf8");
  const encoded = Buffer.from(text);
  const at = encoded.findIndex((byte, i) => byte !== bytes[i]);
  return [text, encoded.subarray(0, at).toString("utf8").length];
}
