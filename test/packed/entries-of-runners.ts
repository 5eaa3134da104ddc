/** Entries that only a test runner can load, because they import modules that it provides. */
export const ENTRIES_OF_RUNNERS: readonly string[] = [
  "@sortition/testing/jest",
  "@sortition/testing/vitest",
];
