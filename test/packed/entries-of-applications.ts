/** Entries that import modules of the application: its test runner, or React. */
export const ENTRIES_OF_APPLICATIONS: readonly string[] = [
  "@sortition/testing/jest",
  "@sortition/testing/vitest",
  "@sortition/web/react",
];
