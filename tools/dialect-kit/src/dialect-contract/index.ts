export { countErrors } from "./count-errors.js";
export { describeDialect, describeMutations } from "./describe.js";
export type { DialectCall, DialectHarness } from "./harness.js";
