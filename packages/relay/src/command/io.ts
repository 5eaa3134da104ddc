import type { Writable } from "node:stream";

/** The parts of a process that the command uses. */
export interface Io {
  /** Receives the log and the results of commands. */
  readonly stdout: Writable;
  /** Receives hints, warnings and errors. */
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls a function when the process receives a signal to stop. */
  onStop(stop: () => void): void;
  /** Calls a function each time the process receives a signal to reload its configuration. */
  onReload(reload: () => void): void;
}

export const EXIT = {
  ok: 0,
  /** A vendor refused, the relay is not ready, or exposures were lost at shutdown. */
  problems: 1,
  /** Nothing was started, because an option or the configuration is invalid. */
  unusable: 2,
  /** No exposure was lost for certain, but some may be. */
  uncertain: 3,
} as const;
