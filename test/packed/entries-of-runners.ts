/** Entries that are loaded by a runner of tests alone: it has what they import. */
export const ENTRIES_OF_RUNNERS: readonly string[] = [
  "@sortition/testing/jest",
  "@sortition/testing/vitest",
];
