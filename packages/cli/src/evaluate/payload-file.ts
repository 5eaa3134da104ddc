import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { getSystemErrorMap } from "node:util";
import type { DecodeError } from "@sortition/core";
import { messageOf } from "@sortition/core/dialect";
import { FileError } from "../errors.js";
import { describeFault, findJsonFault, positionOf } from "./json-fault.js";

/** The content of a payload file. */
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
 * @throws FileError if it cannot be read or is not UTF-8.
 */
export async function readPayloadFile(option: string, path: string): Promise<PayloadFile> {
  const name = `${option} ${path}`;
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new FileError(`${name}: ${systemProblem(error)}`);
  }
  if (!isUtf8(bytes)) {
    throw new FileError(`${name}: not UTF-8 at ${place(...firstReplacement(bytes))}`);
  }
  return { name, bytes, readAtMs: Date.now() };
}

/** The error for a payload that cannot be loaded, with line and column if it is not JSON. */
export function payloadError(file: PayloadFile, { path, problem }: DecodeError): FileError {
  const text = file.bytes.toString("utf8").replace(/^\ufeff/, "");
  const fault = path === "$" ? findJsonFault(text) : null;
  if (fault === null) return new FileError(`${file.name}: ${path}: ${problem}`);
  const where = place(text, fault.offset);
  return new FileError(`${file.name}: not JSON at ${where}: ${describeFault(fault, "file")}`);
}

/** The system's message for a file that cannot be read. */
export function systemProblem(error: unknown): string {
  const errno = error instanceof Error && "errno" in error ? error.errno : undefined;
  const known = typeof errno === "number" ? getSystemErrorMap().get(errno) : undefined;
  const reason = known === undefined ? messageOf(error) : `${known[1]} (${known[0]})`;
  return `cannot be read: ${reason}`;
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
