import { consoleDiagnostics, type Diagnostics } from "@sortition/core";

const { warn }: Diagnostics = consoleDiagnostics();

/** Prints a mistake in a test. */
export function printMistake(message: string): void {
  warn(message);
}

/**
 * Prints only what is a mistake in every test: a getter of another type, a key that differs from a described one by
 * case or punctuation, and a flag whose builder has no calls. A test need not describe all flags that its program reads.
 *
 * @param unpublished - the message about each such flag, by its key.
 */
export function testDiagnostics(unpublished: ReadonlyMap<string, string>): Diagnostics {
  return {
    debug() {},
    info() {},
    warn(message, { cause, flagKey, nearest } = {}) {
      const unused = unpublished.get(String(flagKey));
      const isSpelling = nearest !== undefined && folded(nearest) === folded(flagKey);
      if (cause === "unknown flag" && unused !== undefined) {
        printMistake(unused);
      } else if (isSpelling || cause === "flag of another type") printMistake(message);
    },
    error() {},
  };
}

function folded(key: unknown): string {
  return String(key)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}
