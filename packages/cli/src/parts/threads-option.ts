import { availableParallelism } from "node:os";
import type { DialectTable } from "../dialects/dialect.js";
import { DIALECTS } from "../dialects/table.js";
import { UsageError } from "../errors.js";
import type { CommandOption } from "../help/command-help.js";

/** Threads that make parts. */
export interface Threads {
  readonly count: number;
  /** Whether they are used for large inputs only. */
  readonly isDefault: boolean;
}

/** More of them wait for the one that reads. */
const MAX_DEFAULT = 8;
const MAX = 64;

export const THREADS_OPTION: CommandOption = {
  name: "threads",
  value: "N",
  help: [
    "number of threads; the output is the same, in the same order",
    "(default: 1; above 200,000 rows, one for each processor)",
  ],
};

/**
 * How many threads are asked for.
 *
 * @param dialects - with other dialects than those of the published command one thread is used, because worker threads load only the published dialects.
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
