import type { MalformedError } from "../../malformed.js";

/** Ranges of bucket numbers. Bounds of any type are compared with JavaScript's operators. */
export interface CompiledRanges {
  /** Start and end of each range, in sequence. */
  readonly bounds: readonly number[];
  /** Thrown if the number is in none of the ranges before the first malformed one. */
  readonly error: MalformedError | null;
}

/**
 * Compiles a list of ranges. Any other value results in no ranges.
 *
 * @param report - called for a range that is `null`.
 */
export function compileRanges(
  wire: unknown,
  path: string,
  report: (path: string, problem: string) => MalformedError,
): CompiledRanges {
  const bounds: number[] = [];
  if (!Array.isArray(wire)) return { bounds, error: null };
  for (const [i, range] of wire.entries()) {
    if (range === null || range === undefined) {
      const error = report(`${path}[${i}]`, "expected a range, got nothing");
      return { bounds, error };
    }
    bounds.push(range[0], range[1]);
  }
  return { bounds, error: null };
}

/** Returns the index of the first range that contains the number, or -1. */
export function indexOfRange({ bounds, error }: CompiledRanges, n: number): number {
  for (let i = 0; i < bounds.length; i += 2) {
    if (n >= (bounds[i] as number) && n < (bounds[i + 1] as number)) return i >> 1; // i + 1 < length
  }
  if (error !== null) throw error;
  return -1;
}
