import { availableParallelism } from "node:os";
import type { DialectTable } from "../dialects/dialect.js";
import { DIALECTS } from "../dialects/table.js";
import { UsageError } from "../errors.js";
import type { CommandOption } from "../help/command-help.js";

/** The threads that process parts of the input. */
export interface Threads {
  readonly count: number;
  /** Whether more than one thread is used only for large inputs. */
  readonly isDefault: boolean;
}

/** Additional threads would only wait for the thread that reads the input. */
const MAX_DEFAULT = 8;
const MAX = 64;

export const THREADS_OPTION: CommandOption = {
  name: "threads",
  value: "N",
  help: [
    "number of threads; the output and its order do not depend on it",
    "(default: 1, or one per processor above 200,000 rows)",
  ],
};

/**
 * Returns the requested number of threads.
 *
 * @param dialects - worker threads can only load the dialects of the published command, so other dialects run in one
 *   thread.
 * @throws UsageError
 */
export function threadsOf(text: string | undefined, dialects: DialectTable): Threads {
  if (dialects !== DIALECTS) return { count: 1, isDefault: false };
  if (text === undefined) {
    return { count: Math.min(availableParallelism(), MAX_DEFAULT), isDefault: true };
  }
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MAX) return { count, isDefault: false };
  throw new UsageError(`--threads: expected a number from 1 to ${MAX}, got ${text}`);
}
