import type { Readable, Writable } from "node:stream";

/** A writable stream, possibly a terminal. */
export type Output = Writable & { readonly isTTY?: boolean };

/** The parts of a process that a command uses. */
export interface Io {
  readonly stdin: Readable;
  /** Receives only results. */
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export const EXIT = {
  ok: 0,
  /** The command ran, but found problems, such as failed lines or malformed flags. */
  problems: 1,
  /** The command could not run because of a usage error or an unusable file. */
  unusable: 2,
  /** The reader of the results closed its end of the pipe, as if the signal `SIGPIPE` had ended the command. */
  readerGone: 141,
} as const;
