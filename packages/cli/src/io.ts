import type { Readable, Writable } from "node:stream";

/** A writable stream, possibly a terminal. */
export type Output = Writable & { readonly isTTY?: boolean };

/** The parts of a process that a command uses. */
export interface Io {
  readonly stdin: Readable;
  /** Results, and nothing else. */
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export const EXIT = {
  ok: 0,
  /** Done, with problems: lines without an answer, a failed evaluation, a malformed flag. */
  problems: 1,
  /** Nothing could be answered: bad usage or an unusable file. */
  unusable: 2,
} as const;
