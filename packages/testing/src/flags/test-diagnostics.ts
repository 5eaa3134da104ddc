import { consoleDiagnostics, type Diagnostics } from "@sortition/core";

const { warn }: Diagnostics = consoleDiagnostics();

/** Prints a mistake in a test. */
export function printMistake(message: string): void {
  warn(message);
}

/**
 * Prints only what is a mistake in every test: a getter of another type, and a key that differs from a described one by
 * case or punctuation. A test need not describe all flags that its program reads.
 */
export const TEST_DIAGNOSTICS: Diagnostics = {
  debug() {},
  info() {},
  warn(message, { cause, flagKey, nearest } = {}) {
    const isSpelling = nearest !== undefined && folded(nearest) === folded(flagKey);
    if (isSpelling || cause === "flag of another type") printMistake(message);
  },
  error() {},
};

function folded(key: unknown): string {
  return String(key)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}
