import type { Readable, Writable } from "node:stream";

/** A stream to write to that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean };

/** What a command has of its process. */
export interface Io {
  readonly stdin: Readable;
  /** Results, and nothing else. */
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the process ends with. */
export const EXIT = {
  ok: 0,
  /** Done, but something is wrong: lines without an answer, a failed evaluation, a damaged flag. */
  problems: 1,
  /** Nothing could be answered: bad usage or an unusable file. */
  unusable: 2,
} as const;
