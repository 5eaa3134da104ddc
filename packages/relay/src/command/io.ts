import type { Writable } from "node:stream";

/** The parts of a process that the command uses. */
export interface Io {
  /** The log, and what a subcommand prints. */
  readonly stdout: Writable;
  /** What is for people alone. */
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls a function once when the process is told to end. */
  onStop(stop: () => void): void;
}

export const EXIT = {
  ok: 0,
  /** A vendor refuses, or the relay is not ready. */
  problems: 1,
  /** A bad option, or an unusable configuration: nothing was started. */
  unusable: 2,
} as const;
