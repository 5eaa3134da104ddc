export type { DialectCheck } from "./check.js";
export { DIALECT_CHECKS, describeDialect } from "./describe.js";
export type { DialectCall, DialectHarness, Documents } from "./harness.js";
