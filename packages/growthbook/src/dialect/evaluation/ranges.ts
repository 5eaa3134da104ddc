import type { MalformedError } from "../malformed.js";

/** Ranges of bucket numbers. Bounds are compared as JavaScript compares them, of whatever type they are. */
export interface CompiledRanges {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Thrown if no range before the first malformed one contains the number. */
  readonly error: MalformedError | null;
}

/**
 * Compiles a list of ranges. What is not a list has none.
 *
 * @param report - called for a range that is `null`.
 */
export function compileRanges(
  wire: unknown,
  path: string,
  report: (path: string, problem: string) => MalformedError,
): CompiledRanges {
  const starts: number[] = [];
  const ends: number[] = [];
  if (!Array.isArray(wire)) return { starts, ends, error: null };
  for (const [i, range] of wire.entries()) {
    if (range === null || range === undefined) {
      const error = report(`${path}[${i}]`, "expected a range, got nothing");
      return { starts, ends, error };
    }
    starts.push(range[0]);
    ends.push(range[1]);
  }
  return { starts, ends, error: null };
}

/** Index of the first range with the number; -1 if there is none. */
export function indexOfRange({ ends, error, starts }: CompiledRanges, n: number): number {
  for (let i = 0; i < starts.length; i++) {
    if (n >= (starts[i] as number) && n < (ends[i] as number)) return i; // i < length
  }
  if (error !== null) throw error;
  return -1;
}
