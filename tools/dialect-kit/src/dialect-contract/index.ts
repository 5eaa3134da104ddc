export type { DialectCheck } from "./check.js";
export { countErrors } from "./count-errors.js";
export { describeDialect, describeMutations } from "./describe.js";
export type { DialectCall, DialectHarness, Documents } from "./harness.js";
